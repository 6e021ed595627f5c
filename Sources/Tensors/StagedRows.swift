/// Rows in the form that a product reads: bfloat16, quantised, or floats where they were.
@safe struct StagedRows {
  private let memory: AlignedMemory
  private let start: UnsafeMutableRawPointer
  private let rowStride: Int
  private let last: Matrix?
  private let bytesPerElement: Int
  private let scales: (memory: AlignedMemory, start: UnsafeMutableRawPointer)?
  private let zeros: (memory: AlignedMemory, start: UnsafeMutableRawPointer)?

  /// Floats, with a copy of the last block where that is filled up.
  init(full: Matrix, last: Matrix? = nil, bytesPerElement: Int) {
    memory = full.memory
    unsafe start = UnsafeMutableRawPointer(full.pointer)
    rowStride = full.rowStride
    self.last = last
    self.bytesPerElement = bytesPerElement
    unsafe scales = nil
    unsafe zeros = nil
  }

  /// Converted rows without gaps.
  init(
    memory: AlignedMemory, start: UnsafeMutableRawPointer, depth: Int, bytesPerElement: Int,
    scales: (memory: AlignedMemory, start: UnsafeMutableRawPointer)? = nil,
    zeros: (memory: AlignedMemory, start: UnsafeMutableRawPointer)? = nil
  ) {
    self.memory = memory
    unsafe self.start = start
    rowStride = depth
    last = nil
    self.bytesPerElement = bytesPerElement
    unsafe self.scales = scales
    unsafe self.zeros = zeros
  }

  /// The distance between rows, in elements.
  func rowStride(ofLast isLast: Bool) -> Int {
    if isLast, let last { return last.rowStride }
    return rowStride
  }

  func row(_ row: Int) -> UnsafeMutableRawPointer {
    unsafe start + row * rowStride * bytesPerElement
  }

  func pointer(block: Int, _ blocks: RowBlocks) -> UnsafeMutableRawPointer {
    if block >= blocks.fullBlocks, let last { return unsafe UnsafeMutableRawPointer(last.pointer) }
    return unsafe row(block * blocks.blockRows)
  }

  /// Sets the padding to zero.
  func clear(rows: Range<Int>) {
    guard !rows.isEmpty else { return }
    unsafe row(rows.lowerBound).initializeMemory(
      as: UInt8.self, repeating: 0, count: rows.count * rowStride * bytesPerElement)
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
