internal import CVectorKernels

/// An array of 32-bit floats of any number of axes, row-major and contiguous; owns its memory.
///
/// A tensor is a reference, as a file handle is: copies of the variable name the same elements. It
/// holds weights and their gradients; ``Matrix`` views are what operations work on.
///
/// Concurrency: elements are written while one thread owns the tensor (loading, or a training step
/// that hands out disjoint rows) and may be read from any thread after that.
@safe public final class Tensor {
  /// The length of each axis, outermost first; empty for a single number.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  package let memory: AlignedMemory

  /// Makes a tensor of zeros.
  ///
  /// - Parameter shape: the length of each axis; their product must fit in memory.
  public init(shape: [Int]) {
    count = Self.elementCount(shape)
    self.shape = shape
    memory = AlignedMemory(byteCount: count * MemoryLayout<Float>.stride)
  }

  /// Makes a tensor with given elements.
  ///
  /// - Parameters:
  ///   - shape: the length of each axis.
  ///   - elements: the elements, the last axis varying fastest.
  public convenience init(shape: [Int], elements: [Float]) {
    self.init(shape: shape)
    precondition(
      elements.count == count,
      "\(elements.count) elements do not fill shape \(shape), which has \(count)")
    unsafe elements.withUnsafeBytes { source in
      unsafe UnsafeMutableRawBufferPointer(start: memory.base, count: memory.byteCount)
        .copyMemory(from: source)
    }
  }

  /// Takes over memory of exactly the elements, aligned to a float.
  package init(shape: [Int], memory: AlignedMemory) {
    count = Self.elementCount(shape)
    precondition(
      memory.byteCount == count * MemoryLayout<Float>.stride,
      "\(memory.byteCount) bytes for shape \(shape)")
    self.shape = shape
    self.memory = memory
  }

  private static func elementCount(_ shape: [Int]) -> Int {
    var count = 1
    for length in shape {
      precondition(length >= 0, "shape \(shape) has a negative length")
      let (product, overflow) = count.multipliedReportingOverflow(by: length)
      precondition(!overflow && product <= Int.max / 8, "shape \(shape) is too large")
      count = product
    }
    return count
  }

  /// The elements, the last axis varying fastest.
  public var elements: [Float] { unsafe Array(buffer) }

  /// Lends the elements for reading.
  ///
  /// - Parameter body: receives the elements, the last axis varying fastest.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withSpan<Result, Failure: Error>(
    _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try unsafe body(Span(_unsafeElements: UnsafeBufferPointer(buffer)))
  }

  /// Lends the elements for writing.
  ///
  /// - Parameter body: receives the elements, the last axis varying fastest.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withMutableSpan<Result, Failure: Error>(
    _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    var span = unsafe MutableSpan(_unsafeElements: buffer)
    return try body(&span)
  }

  /// The tensor as a matrix: the last axis as columns, all others as rows.
  ///
  /// A tensor of one axis is one row.
  public var matrix: Matrix {
    matrix(rows: shape.dropLast().reduce(1, *), columns: shape.last ?? 1)
  }

  /// The tensor as a matrix of another division into rows.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the number of columns; `rows * columns` is the number of elements.
  /// - Returns: a view of the tensor's elements.
  public func matrix(rows: Int, columns: Int) -> Matrix {
    precondition(
      rows >= 0 && columns >= 0 && rows * columns == count,
      "shape \(shape) has no view of \(rows) x \(columns)")
    return unsafe Matrix(
      memory: memory, pointer: pointer, rows: rows, columns: columns, rowStride: columns)
  }

  /// Whether no element is infinite or NaN.
  public var isFinite: Bool { unsafe cvk_all_finite(pointer, count) != 0 }

  package var pointer: UnsafeMutablePointer<Float> {
    unsafe memory.base.assumingMemoryBound(to: Float.self)
  }

  package var buffer: UnsafeMutableBufferPointer<Float> {
    unsafe UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}

// Written by one owner first, read by all afterwards, as the type's documentation demands.
extension Tensor: @unchecked Sendable {}
