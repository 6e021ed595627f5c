internal import CVectorKernels

/// The packed keys and values of all heads of all sequences of one attention layer.
@safe struct AttentionPacking {
  private let memory: AlignedMemory
  private let start: UnsafeMutableRawPointer
  private let segments: [AttentionSegment]
  /// Where the heads of each sequence begin, in bytes.
  private let offsets: [Int]
  private let size: Int
  private let isBFloat16: Bool
  /// Whether keys are needed row by row as well, in the elements of the products.
  private let hasRows: Bool

  init(_ operation: AttentionOperation, segments: [AttentionSegment], workspace: Workspace) {
    self.segments = segments
    size = operation.size
    isBFloat16 = operation.isBFloat16
    hasRows = operation.isBFloat16 && operation.positions?.queries != nil
    var offsets: [Int] = []
    var total = 0
    for segment in segments {
      offsets.append(total)
      let layout = HeadLayout(
        keys: segment.keys.count, size: operation.size, isBFloat16: operation.isBFloat16)
      total += operation.heads * Self.headByteCount(layout, hasRows: hasRows)
    }
    self.offsets = offsets
    let taken = unsafe workspace.take(byteCount: total)
    memory = unsafe taken.memory
    unsafe start = taken.start
  }

  private static func headByteCount(_ layout: HeadLayout, hasRows: Bool) -> Int {
    layout.keyByteCount + layout.valueByteCount + (hasRows ? layout.rowByteCount : 0)
  }

  func layout(segment: Int) -> HeadLayout {
    HeadLayout(keys: segments[segment].keys.count, size: size, isBFloat16: isBFloat16)
  }

  /// Where the packed keys, values and rows of a head are.
  func pointers(
    segment: Int, head: Int
  ) -> (
    keys: UnsafeMutableRawPointer, values: UnsafeMutableRawPointer, rows: UnsafeMutableRawPointer
  ) {
    let layout = layout(segment: segment)
    let keys =
      unsafe start + offsets[segment]
      + head * Self.headByteCount(layout, hasRows: hasRows)
    let values = unsafe keys + layout.keyByteCount
    return unsafe (keys, values, values + layout.valueByteCount)
  }

  /// Packs one head of one sequence.
  func pack(_ operation: AttentionOperation, segment: Int, head: Int) {
    let range = segments[segment].keys
    let target = unsafe pointers(segment: segment, head: head)
    let (keys, values) = (operation.keys, operation.values)
    let key = unsafe keys.pointer + range.lowerBound * keys.rowStride + head * size
    let value = unsafe values.pointer + range.lowerBound * values.rowStride + head * size
    let kind: Int32 = isBFloat16 ? 1 : 0
    unsafe cvk_pack_rows(target.keys, key, keys.rowStride, range.count, size, kind)
    unsafe cvk_pack_columns(target.values, value, values.rowStride, range.count, size, kind)
    if hasRows {
      let width = layout(segment: segment).paddedSize
      unsafe cvk_to_bfloat16(
        target.rows.assumingMemoryBound(to: UInt16.self), width, key, keys.rowStride, range.count,
        size)
      // Heads of odd size have one element more in each row.
      if width > size {
        for row in 0..<range.count {
          unsafe target.rows.storeBytes(
            of: 0, toByteOffset: 2 * (row * width + size), as: UInt16.self)
        }
      }
    }
  }
}

// An address in memory that is kept alive; workers write disjoint heads, then all read.
extension AttentionPacking: @unchecked Sendable {}
