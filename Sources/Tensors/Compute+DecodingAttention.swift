internal import CVectorKernels

extension Compute {
  /// Attention of the next token of each sequence to its own past and itself.
  ///
  /// - Parameters:
  ///   - queries: `[sequences, heads * headSize]`.
  ///   - cache: the keys and values.
  ///   - layer: the layer.
  ///   - places: where each sequence's past stands in the cache, the token itself included.
  ///   - scale: the factor of the products.
  ///   - bias: added after scaling, by distance.
  ///   - output: `[sequences, heads * headSize]`; may be the queries themselves.
  public func attention(
    queries: Matrix, cache: KeyValueCache, layer: Int, places: CachePlaces, scale: Float,
    bias: DistanceBias? = nil, into output: Matrix
  ) {
    let (heads, size) = (cache.heads, cache.headSize)
    Self.check(queries, output, "attention")
    precondition(
      queries.columns == heads * size && queries.rows == places.ranges.count
        && places.laneStride == heads * cache.capacity,
      "\(queries.shapeText) queries of \(places.ranges.count) sequences to \(heads) heads of \(size)"
    )
    let longest = places.ranges.reduce(0) { max($0, $1.count) }
    if let bias {
      precondition(
        bias.table.rows == heads && bias.zero >= longest - 1,
        "a bias for \(bias.table.rows) heads that reaches \(bias.zero) of \(longest) keys")
    }
    let scratch = scratch(byteCount: longest * 4)
    let isNarrow = cache.precision == .bfloat16
    let starts = HeadPointers(cache, layer: layer)
    // Some thousand products for each job: a short past is not worth another thread.
    let grain = max(1, 16_384 / max(1, longest * size))
    pool.run(over: queries.rows * heads, grain: grain) { items, worker in
      let scores = unsafe scratch[worker].base.assumingMemoryBound(to: Float.self)
      unsafe places.places.withUnsafeBufferPointer { all in
        guard let all = all.baseAddress else { return }
        for item in items {
          let (row, head) = item.quotientAndRemainder(dividingBy: heads)
          let range = places.ranges[row]
          let own = unsafe all + range.lowerBound
          let query = unsafe queries.pointer + row * queries.rowStride + head * size
          let result = unsafe output.pointer + row * output.rowStride + head * size
          let (keys, values) = unsafe (starts.keys[head], starts.values[head])
          // Entry j of the bias is that of distance j - (count - 1).
          let added = unsafe bias.map {
            unsafe UnsafePointer(
              $0.table.pointer + head * $0.table.rowStride + $0.zero - (range.count - 1))
          }
          if isNarrow {
            unsafe cvk_gathered_scores_bfloat16(
              scores, query, keys.assumingMemoryBound(to: UInt16.self), own, range.count, size)
          } else {
            unsafe cvk_gathered_scores_float32(
              scores, query, keys.assumingMemoryBound(to: Float.self), own, range.count, size)
          }
          unsafe cvk_softmax(
            scores, range.count, 1, range.count, scale, added, 0, range.count, 0)
          if isNarrow {
            unsafe cvk_gathered_sum_bfloat16(
              result, scores, values.assumingMemoryBound(to: UInt16.self), own, range.count, size)
          } else {
            unsafe cvk_gathered_sum_float32(
              result, scores, values.assumingMemoryBound(to: Float.self), own, range.count, size)
          }
        }
      }
    }
  }

  /// Attention of few queries to whole sequences, such as a decoder's to the encoder's output.
  ///
  /// - Parameters:
  ///   - queries: `[rows, heads * headSize]`.
  ///   - packed: the keys and values of each sequence; all of one shape of heads.
  ///   - layer: the layer.
  ///   - rows: the queries that see each sequence.
  ///   - scale: the factor of the products.
  ///   - output: `[rows, heads * headSize]`; may be the queries themselves.
  public func attention(
    queries: Matrix, packed: [PackedKeyValues], layer: Int, rows: [Range<Int>], scale: Float,
    into output: Matrix
  ) {
    Self.check(queries, output, "attention")
    precondition(packed.count == rows.count, "\(rows.count) ranges for \(packed.count) sequences")
    guard let first = packed.first else { return }
    let (heads, size) = (first.heads, first.headSize)
    for (sequence, range) in zip(packed, rows) {
      precondition(
        sequence.heads == heads && sequence.headSize == size
          && queries.columns == heads * size && range.lowerBound >= 0
          && range.upperBound <= queries.rows,
        "queries \(range) of \(queries.shapeText) to \(sequence.heads) heads of \(sequence.headSize)"
      )
    }
    let longest = packed.reduce(0) { max($0, $1.count) }
    let scratch = scratch(byteCount: cvk_attention_scratch(longest, size, 0, 0))
    let block = AttentionOperation.widestBlock
    pool.run(jobs: packed.count * heads) { job, worker in
      let (index, head) = job.quotientAndRemainder(dividingBy: heads)
      let columns = head * size..<(head + 1) * size
      for first in stride(from: rows[index].lowerBound, to: rows[index].upperBound, by: block) {
        let range = first..<min(rows[index].upperBound, first + block)
        packed[index].attend(
          queries.rows(range).columns(columns), layer: layer, head: head, scale: scale,
          scratch: scratch[worker], into: output.rows(range).columns(columns))
      }
    }
  }
}

/// Where the rows of each head begin.
@safe private struct HeadPointers: @unchecked Sendable {
  let keys: [UnsafeRawPointer]
  let values: [UnsafeRawPointer]

  init(_ cache: KeyValueCache, layer: Int) {
    unsafe keys = (0..<cache.heads).map {
      unsafe UnsafeRawPointer(cache.keys(layer: layer, head: $0))
    }
    unsafe values = (0..<cache.heads).map {
      unsafe UnsafeRawPointer(cache.values(layer: layer, head: $0))
    }
  }
}
