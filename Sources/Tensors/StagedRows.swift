/// Rows in the form that a product reads: bfloat16, quantised, or floats where they were.
@safe struct StagedRows {
  /// The distance between rows in bytes.
  let rowByteStride: Int
  private let memory: AlignedMemory
  private let start: UnsafeMutableRawPointer
  private let scales: (memory: AlignedMemory, start: UnsafeMutableRawPointer)?
  private let zeros: (memory: AlignedMemory, start: UnsafeMutableRawPointer)?

  /// Floats where they are.
  init(_ matrix: Matrix) {
    memory = matrix.memory
    unsafe start = UnsafeMutableRawPointer(matrix.pointer)
    rowByteStride = matrix.rowStride * 4
    unsafe scales = nil
    unsafe zeros = nil
  }

  /// Converted rows.
  init(
    memory: AlignedMemory, start: UnsafeMutableRawPointer, rowByteStride: Int,
    scales: (memory: AlignedMemory, start: UnsafeMutableRawPointer)? = nil,
    zeros: (memory: AlignedMemory, start: UnsafeMutableRawPointer)? = nil
  ) {
    self.memory = memory
    unsafe self.start = start
    self.rowByteStride = rowByteStride
    unsafe self.scales = scales
    unsafe self.zeros = zeros
  }

  func row(_ row: Int) -> UnsafeMutableRawPointer { unsafe start + row * rowByteStride }

  /// Sets rows to zero.
  func clear(rows: Range<Int>) {
    guard !rows.isEmpty else { return }
    unsafe row(rows.lowerBound).initializeMemory(
      as: UInt8.self, repeating: 0, count: rows.count * rowByteStride)
  }

  /// Where the scales of quantised rows begin at `row`.
  func scale(_ row: Int) -> UnsafeMutablePointer<Float> {
    guard let scales = unsafe scales else { preconditionFailure("rows are not quantised") }
    return unsafe scales.start.assumingMemoryBound(to: Float.self) + row
  }

  /// Where the zero points of quantised rows begin at `row`.
  func zero(_ row: Int) -> UnsafeMutablePointer<Int32> {
    guard let zeros = unsafe zeros else { preconditionFailure("rows are not quantised") }
    return unsafe zeros.start.assumingMemoryBound(to: Int32.self) + row
  }
}

// An address in memory that is kept alive; workers write disjoint rows, then all read.
extension StagedRows: @unchecked Sendable {}
