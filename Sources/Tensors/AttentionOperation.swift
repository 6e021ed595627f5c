internal import CVectorKernels

/// One attention layer's operands, and what its jobs do with them.
struct AttentionOperation: Sendable {
  let queries: Matrix
  var keys: Matrix
  var values: Matrix
  let output: Matrix
  let heads: Int
  let size: Int
  let scale: Float
  let bias: DistanceBias?
  let isCausal: Bool
  let positions: DisentangledPositions?
  let isBFloat16: Bool

  /// The most queries that one job handles together: of wide blocks fewer relative positions are
  /// computed twice.
  static let widestBlock = Int(cvk_query_block)

  /// The bias of key 0 for a query at a position.
  private func biasStart(head: Int, position: Int) -> UnsafePointer<Float>? {
    guard let bias else { return nil }
    return unsafe UnsafePointer(
      bias.table.pointer + head * bias.table.rowStride + bias.zero - position)
  }

  /// A few queries of neighbouring heads, from keys and values as they are.
  func attendFew(
    _ segment: AttentionSegment, heads group: Range<Int>, rows: KeyValueRows,
    scratch: AlignedMemory
  ) {
    var range = segment.queries
    if isCausal {
      // Queries that stand before all keys see none.
      let blind = min(max(-segment.firstQueryPosition, 0), range.count)
      output.rows(range.lowerBound..<range.lowerBound + blind)
        .columns(group.lowerBound * size..<group.upperBound * size).fill(0)
      range = range.lowerBound + blind..<range.upperBound
      if range.isEmpty { return }
    }
    let position = range.lowerBound - segment.queries.lowerBound + segment.firstQueryPosition
    let column = group.lowerBound * size
    let first = segment.keys.lowerBound
    var few = unsafe cvk_few_queries()
    unsafe few.queries = range.count
    unsafe few.heads = group.count
    unsafe few.keys = segment.keys.count
    unsafe few.size = size
    unsafe few.query = UnsafePointer(
      queries.pointer + range.lowerBound * queries.rowStride + column)
    unsafe few.query_stride = queries.rowStride
    switch rows {
    case .floats(let keys, let values):
      unsafe few.key_rows = UnsafeRawPointer(keys.pointer + first * keys.rowStride + column)
      unsafe few.key_stride = keys.rowStride
      unsafe few.value_rows = UnsafeRawPointer(values.pointer + first * values.rowStride + column)
      unsafe few.value_stride = values.rowStride
    case .bfloat16(let keys, let values):
      unsafe few.is_bfloat16 = 1
      unsafe few.key_rows = UnsafeRawPointer(keys.pointer + first * keys.rowStride + column)
      unsafe few.key_stride = keys.rowStride
      unsafe few.value_rows = UnsafeRawPointer(values.pointer + first * values.rowStride + column)
      unsafe few.value_stride = values.rowStride
    }
    unsafe few.scale = scale
    unsafe few.visible = isCausal ? position + 1 : segment.keys.count
    unsafe few.visible_step = isCausal ? 1 : 0
    unsafe few.bias = biasStart(head: group.lowerBound, position: position)
    unsafe few.bias_stride = bias?.table.rowStride ?? 0
    unsafe few.output = output.pointer + range.lowerBound * output.rowStride + column
    unsafe few.output_stride = output.rowStride
    unsafe cvk_attend_few(&few, scratch.base.assumingMemoryBound(to: Float.self))
  }

  /// A block of queries of one head.
  func attend(
    _ segment: AttentionSegment, head: Int, rows: Range<Int>, packing: AttentionPacking,
    segmentIndex: Int, scratch: AlignedMemory
  ) {
    let position = rows.lowerBound - segment.queries.lowerBound + segment.firstQueryPosition
    // Queries that stand before all keys see none.
    let blind = isCausal ? min(max(-position, 0), rows.count) : 0
    if blind > 0 {
      output.rows(rows.lowerBound..<rows.lowerBound + blind)
        .columns(head * size..<(head + 1) * size).fill(0)
      if blind == rows.count { return }
    }
    let row = rows.lowerBound + blind
    let packed = unsafe packing.pointers(segment: segmentIndex, head: head)
    let layout = packing.layout(segment: segmentIndex)
    var attention = unsafe cvk_attention()
    unsafe attention.is_bfloat16 = isBFloat16 ? 1 : 0
    unsafe attention.rows = rows.count - blind
    unsafe attention.keys = segment.keys.count
    unsafe attention.size = size
    unsafe attention.queries = UnsafePointer(
      queries.pointer + row * queries.rowStride + head * size)
    unsafe attention.query_stride = queries.rowStride
    unsafe attention.packed_keys = UnsafeRawPointer(packed.keys)
    unsafe attention.packed_values = UnsafeRawPointer(packed.values)
    unsafe attention.scale = scale
    unsafe attention.visible = isCausal ? position + blind + 1 : segment.keys.count
    unsafe attention.visible_step = isCausal ? 1 : 0
    unsafe attention.bias = biasStart(head: head, position: position + blind)
    unsafe attention.first_query = max(position, 0)
    if let term = positions?.keys, let index = positions?.keyIndex {
      let table = term.packed(heads: heads, isBFloat16: isBFloat16)
      unsafe attention.packed_position_keys = table.pointer(head: head)
      unsafe attention.key_index = index.kernelIndex(positions: term.positions)
    }
    if let term = positions?.queries, let index = positions?.queryIndex {
      let table = term.packed(heads: heads, isBFloat16: isBFloat16)
      unsafe attention.packed_position_queries = table.pointer(head: head)
      unsafe attention.query_index = index.kernelIndex(positions: term.positions)
      if isBFloat16 {
        unsafe attention.key_rows = UnsafeRawPointer(packed.rows)
        unsafe attention.key_row_stride = layout.paddedSize
      } else {
        unsafe attention.key_rows = UnsafeRawPointer(
          keys.pointer + segment.keys.lowerBound * keys.rowStride + head * size)
        unsafe attention.key_row_stride = keys.rowStride
      }
    }
    unsafe attention.output = output.pointer + row * output.rowStride + head * size
    unsafe attention.output_stride = output.rowStride
    unsafe cvk_attend(&attention, scratch.base)
  }
}
