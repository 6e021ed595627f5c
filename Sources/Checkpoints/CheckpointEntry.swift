/// One tensor of a checkpoint: what its file says of it.
public struct CheckpointEntry: Sendable {
  /// Its name in the file.
  public let name: String
  /// How its elements are written.
  public let elementType: ElementType
  /// The length of each axis, outermost first.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  let file: MappedFile
  /// Where the elements begin in the file.
  let byteOffset: Int
  /// The distance of neighbours along each axis, in elements, when the tensor is not contiguous.
  let strides: [Int]?

  /// The number of elements that a shape has, or nil when that is no number of a machine.
  static func elementCount(_ shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      // Tensors of up to 2^47 bytes: what a processor addresses.
      guard length >= 0, !overflow, product <= 1 << 44 else { return nil }
      count = product
    }
    return count
  }
}
