/// A rectangle of 32-bit floats in memory that it keeps alive; rows are contiguous.
///
/// A matrix is a view: copies, slices of rows and slices of columns name the same elements.
/// Operations read their inputs and write to a matrix given as `into:`. That may be the very same
/// rectangle as an input where the operation says so; rectangles that overlap in another way are an
/// error of the caller that is not detected.
@safe public struct Matrix {
  /// The number of rows.
  public let rows: Int
  /// The number of columns.
  public let columns: Int
  /// The distance between the beginnings of two rows, in elements.
  public let rowStride: Int
  package let memory: AlignedMemory
  package let pointer: UnsafeMutablePointer<Float>

  package init(
    memory: AlignedMemory, pointer: UnsafeMutablePointer<Float>, rows: Int, columns: Int,
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
    self = Tensor(shape: [rows, columns]).matrix
  }

  /// Makes a matrix with given elements in memory of its own.
  ///
  /// - Parameters:
  ///   - rows: the number of rows.
  ///   - columns: the number of columns.
  ///   - elements: the elements, row after row.
  public init(rows: Int, columns: Int, elements: [Float]) {
    self = Tensor(shape: [rows, columns], elements: elements).matrix
  }

  /// One element. For single values and tests; operations work on whole matrices.
  ///
  /// - Parameters:
  ///   - row: the row.
  ///   - column: the column.
  public subscript(row: Int, column: Int) -> Float {
    get {
      check(row, column)
      return unsafe pointer[row * rowStride + column]
    }
    nonmutating set {
      check(row, column)
      unsafe pointer[row * rowStride + column] = newValue
    }
  }

  private func check(_ row: Int, _ column: Int) {
    precondition(
      row >= 0 && row < rows && column >= 0 && column < columns,
      "element [\(row), \(column)] of a matrix of \(shapeText)")
  }

  /// Consecutive rows.
  ///
  /// - Parameter range: which rows.
  /// - Returns: a view of the same elements.
  public func rows(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= rows,
      "rows \(range) of a matrix of \(shapeText)")
    return unsafe Matrix(
      memory: memory, pointer: pointer + range.lowerBound * rowStride, rows: range.count,
      columns: columns, rowStride: rowStride)
  }

  /// Consecutive columns, such as those of one attention head.
  ///
  /// - Parameter range: which columns.
  /// - Returns: a view of the same elements.
  public func columns(_ range: Range<Int>) -> Matrix {
    precondition(
      range.lowerBound >= 0 && range.upperBound <= columns,
      "columns \(range) of a matrix of \(shapeText)")
    return unsafe Matrix(
      memory: memory, pointer: pointer + range.lowerBound, rows: rows, columns: range.count,
      rowStride: rowStride)
  }

  /// Lends one row for reading.
  ///
  /// - Parameters:
  ///   - row: the row.
  ///   - body: receives its elements.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withRow<Result, Failure: Error>(
    _ row: Int, _ body: (Span<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(row >= 0 && row < rows, "row \(row) of a matrix of \(shapeText)")
    return try unsafe body(
      Span(
        _unsafeElements: UnsafeBufferPointer(start: pointer + row * rowStride, count: columns)))
  }

  /// Lends one row for writing.
  ///
  /// - Parameters:
  ///   - row: the row.
  ///   - body: receives its elements.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  public func withMutableRow<Result, Failure: Error>(
    _ row: Int, _ body: (inout MutableSpan<Float>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(row >= 0 && row < rows, "row \(row) of a matrix of \(shapeText)")
    var span = unsafe MutableSpan(
      _unsafeElements: UnsafeMutableBufferPointer(
        start: pointer + row * rowStride, count: columns))
    return try body(&span)
  }

  /// The elements, row after row.
  public var elements: [Float] {
    var result: [Float] = []
    result.reserveCapacity(rows * columns)
    for row in 0..<rows {
      unsafe result.append(
        contentsOf: UnsafeBufferPointer(start: pointer + row * rowStride, count: columns))
    }
    return result
  }

  /// Sets every element.
  ///
  /// - Parameter value: the new value.
  public func fill(_ value: Float) {
    for row in 0..<rows {
      unsafe (pointer + row * rowStride).update(repeating: value, count: columns)
    }
  }

  package var shapeText: String { "\(rows) x \(columns)" }
}

// A view is an address and three numbers. Threads that share one read it, or write disjoint
// rectangles, as the operations of this module do.
extension Matrix: @unchecked Sendable {}
