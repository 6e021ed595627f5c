/// A rectangle of bfloat16 numbers, half the memory of 32-bit floats; a view, as ``Matrix`` is.
///
/// For what is read much more often than written: the keys and values of decoding.
@safe public struct BFloat16Matrix {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The distance between the beginnings of two rows, in elements.
  public let rowStride: Int
  let memory: AlignedMemory
  let pointer: UnsafeMutablePointer<UInt16>

  private init(
    memory: AlignedMemory, pointer: UnsafeMutablePointer<UInt16>, rows: Int, columns: Int,
    rowStride: Int
  ) {
    self.memory = memory
    unsafe self.pointer = pointer
    self.rows = rows
    self.columns = columns
    self.rowStride = rowStride
  }

  /// Makes a matrix of zeros in memory of its own.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  public init(rows: Int, columns: Int) {
    precondition(rows >= 0 && columns >= 0, "a matrix of \(rows) x \(columns)")
    let (count, overflow) = rows.multipliedReportingOverflow(by: columns)
    precondition(!overflow, "a matrix of \(rows) x \(columns) is too large")
    let memory = AlignedMemory(byteCount: count * 2)
    unsafe self.init(
      memory: memory, pointer: memory.base.assumingMemoryBound(to: UInt16.self), rows: rows,
      columns: columns, rowStride: columns)
  }

  /// Consecutive rows.
  ///
  /// - Parameter range: which rows.
  /// - Returns: a view of the same elements.
  public func rows(_ range: Range<Int>) -> BFloat16Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows,
      "rows \(range) of a matrix of \(shapeText)")
    return unsafe BFloat16Matrix(
      memory: memory, pointer: pointer + range.lowerBound * rowStride, rows: range.count,
      columns: columns, rowStride: rowStride)
  }

  /// Consecutive columns.
  ///
  /// - Parameter range: which columns.
  /// - Returns: a view of the same elements.
  public func columns(_ range: Range<Int>) -> BFloat16Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns,
      "columns \(range) of a matrix of \(shapeText)")
    return unsafe BFloat16Matrix(
      memory: memory, pointer: pointer + range.lowerBound, rows: rows, columns: range.count,
      rowStride: rowStride)
  }

  var shapeText: String { "\(rows) x \(columns)" }
}

// A view is an address and three numbers. Threads that share one read it, or write disjoint
// rectangles, as the operations of this module do.
extension BFloat16Matrix: @unchecked Sendable {}
