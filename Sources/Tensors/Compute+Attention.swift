internal import CVectorKernels

extension Compute {
  /// Fewer queries than this in a sequence use keys and values as they are: packing would not pay.
  static let packedQueries = 5

  /// Whether attention's products are of bfloat16 numbers at a precision.
  func usesBFloat16(_ precision: Precision) -> Bool {
    precision != .float32 && backend.precision(for: .bfloat16) == .bfloat16
  }

  /// Scaled dot-product attention of every head and every sequence of a ragged batch.
  ///
  /// Source: Vaswani et al., "Attention Is All You Need", 2017, https://arxiv.org/abs/1706.03762.
  ///
  /// - Parameters:
  ///   - queries: `[query tokens, heads * headSize]`.
  ///   - keys: `[key tokens, heads * headSize]`.
  ///   - values: `[key tokens, heads * headSize]`.
  ///   - segments: which queries see which keys; one for each sequence. A query that sees no key gets
  ///     zeros.
  ///   - heads: the number of heads.
  ///   - scale: the factor of the products.
  ///   - bias: added after scaling, by distance.
  ///   - isCausal: whether a query sees no later key; the last query stands at the last key.
  ///   - precision: below float32 the products are of bfloat16 numbers where the processor has them;
  ///     a few queries are always handled in float32.
  ///   - output: `[query tokens, heads * headSize]`; may be the queries themselves.
  public func attention(
    queries: Matrix, keys: Matrix, values: Matrix, segments: [AttentionSegment], heads: Int,
    scale: Float, bias: DistanceBias? = nil, isCausal: Bool = false,
    precision: Precision = .float32, into output: Matrix
  ) {
    Self.check(
      queries: queries, keys: keys, values: values, segments: segments, heads: heads,
      output: output)
    if let bias { bias.check(heads: heads, segments: segments) }
    let operation = AttentionOperation(
      queries: queries, keys: keys, values: values, output: output, heads: heads,
      size: queries.columns / heads, scale: scale, bias: bias, isCausal: isCausal, positions: nil,
      isBFloat16: usesBFloat16(precision))
    let seen = clearBlind(segments, output: output)
    run(
      operation, few: seen.filter { $0.queries.count < Self.packedQueries },
      rows: .floats(keys: keys, values: values))
    run(operation, packed: seen.filter { $0.queries.count >= Self.packedQueries })
  }

  /// Attention with keys and values of bfloat16, such as the cache of decoding, which is read as a
  /// whole for every token.
  ///
  /// - Parameters:
  ///   - queries: `[query tokens, heads * headSize]`.
  ///   - keys: `[key tokens, heads * headSize]`.
  ///   - values: `[key tokens, heads * headSize]`.
  ///   - segments: which queries see which keys; one for each sequence. A query that sees no key gets
  ///     zeros. Beams that share keys belong in one segment.
  ///   - heads: the number of heads.
  ///   - scale: the factor of the products.
  ///   - bias: added after scaling, by distance.
  ///   - isCausal: whether a query sees no later key; the last query stands at the last key.
  ///   - output: `[query tokens, heads * headSize]`; may be the queries themselves.
  public func attention(
    queries: Matrix, keys: BFloat16Matrix, values: BFloat16Matrix, segments: [AttentionSegment],
    heads: Int, scale: Float, bias: DistanceBias? = nil, isCausal: Bool = false,
    into output: Matrix
  ) {
    Self.check(queries, output, "attention's queries and output")
    precondition(
      keys.rows == values.rows && keys.columns == values.columns,
      "attention's keys and values: shapes \(keys.shapeText) and \(values.shapeText) differ")
    Self.check(
      queries: queries, keyRows: keys.rows, keyColumns: keys.columns, segments: segments,
      heads: heads)
    if let bias { bias.check(heads: heads, segments: segments) }
    let seen = clearBlind(segments, output: output)
    let operation = AttentionOperation(
      queries: queries, keys: queries, values: queries, output: output, heads: heads,
      size: queries.columns / heads, scale: scale, bias: bias, isCausal: isCausal, positions: nil,
      isBFloat16: usesBFloat16(.bfloat16))
    run(
      operation, few: seen.filter { $0.queries.count < Self.packedQueries },
      rows: .bfloat16(keys: keys, values: values))
    // Many queries, as when a prompt is read: their keys are widened, sequence by sequence.
    for segment in seen where segment.queries.count >= Self.packedQueries {
      workspace.scope {
        let count = segment.keys.count
        let wideKeys = workspace.matrix(rows: count, columns: keys.columns)
        let wideValues = workspace.matrix(rows: count, columns: keys.columns)
        convert(keys.rows(segment.keys), into: wideKeys)
        convert(values.rows(segment.keys), into: wideValues)
        var wide = operation
        wide.keys = wideKeys
        wide.values = wideValues
        run(wide, packed: [AttentionSegment(queries: segment.queries, keys: 0..<count)])
      }
    }
  }

  /// Sets what queries without keys give to zero; returns the other segments.
  private func clearBlind(_ segments: [AttentionSegment], output: Matrix) -> [AttentionSegment] {
    segments.filter { segment in
      if segment.keys.isEmpty { output.rows(segment.queries).fill(0) }
      return !segment.queries.isEmpty && !segment.keys.isEmpty
    }
  }

  /// Disentangled attention: the scores have terms of content and relative position.
  ///
  /// Each sequence sees itself.
  ///
  /// Source: He et al., "DeBERTa: Decoding-enhanced BERT with Disentangled Attention", 2021,
  /// https://arxiv.org/abs/2006.03654.
  ///
  /// - Parameters:
  ///   - queries: `[tokens, heads * headSize]`.
  ///   - keys: `[tokens, heads * headSize]`.
  ///   - values: `[tokens, heads * headSize]`.
  ///   - lengths: the tokens of each sequence.
  ///   - heads: the number of heads.
  ///   - scale: the factor of the sum of all terms.
  ///   - positions: the terms of relative positions.
  ///   - precision: below float32 the products are of bfloat16 numbers where the processor has them.
  ///   - output: `[tokens, heads * headSize]`; may be the queries themselves.
  public func disentangledAttention(
    queries: Matrix, keys: Matrix, values: Matrix, lengths: [Int], heads: Int, scale: Float,
    positions: DisentangledPositions, precision: Precision = .float32, into output: Matrix
  ) {
    let segments = AttentionSegment.selfAttention(lengths: lengths)
    Self.check(
      queries: queries, keys: keys, values: values, segments: segments, heads: heads,
      output: output)
    let longest = lengths.max() ?? 0
    for term in [positions.keys, positions.queries] {
      guard let term else { continue }
      precondition(
        term.columns == queries.columns,
        "relative positions of \(term.columns) columns for queries of \(queries.columns)")
    }
    precondition(
      positions.keyIndex.reach >= longest && positions.queryIndex.reach >= longest,
      "relative positions that do not reach \(longest) tokens")
    let operation = AttentionOperation(
      queries: queries, keys: keys, values: values, output: output, heads: heads,
      size: queries.columns / heads, scale: scale, bias: nil, isCausal: false,
      positions: positions, isBFloat16: usesBFloat16(precision))
    run(operation, packed: segments.filter { !$0.queries.isEmpty })
  }

  /// A few queries of each sequence: its keys and values are passed once, in rows as wide as leaves
  /// work for all workers.
  private func run(
    _ operation: AttentionOperation, few segments: [AttentionSegment], rows: KeyValueRows
  ) {
    guard !segments.isEmpty else { return }
    let heads = operation.heads
    let groups = min(heads, (2 * pool.count + segments.count - 1) / segments.count)
    let width = segments.reduce(0) { max($0, $1.keys.count) } + 3
    let share = (heads + groups - 1) / groups
    let scratch = scratch(byteCount: Self.packedQueries * share * width * 4)
    pool.run(jobs: segments.count * groups) { job, worker in
      let first = job % groups * share
      guard first < heads else { return }
      operation.attendFew(
        segments[job / groups], heads: first..<min(heads, first + share), rows: rows,
        scratch: scratch[worker])
    }
  }

  /// Keys and values of each head packed first, then blocks of queries.
  private func run(_ operation: AttentionOperation, packed segments: [AttentionSegment]) {
    guard !segments.isEmpty else { return }
    var jobs = AttentionJobs(
      segments: segments, heads: operation.heads, block: AttentionOperation.widestBlock)
    if jobs.count < 4 * pool.count {
      jobs = AttentionJobs(
        segments: segments, heads: operation.heads, block: AttentionOperation.widestBlock / 2)
    }
    let width = segments.reduce(0) { max($0, $1.keys.count) }
    let scratch = scratch(
      byteCount: cvk_attention_scratch(
        width, operation.size, operation.positions?.keys?.positions ?? 0,
        operation.positions?.queries?.positions ?? 0))
    workspace.scope {
      let packing = AttentionPacking(operation, segments: segments, workspace: workspace)
      pool.run(jobs: segments.count * operation.heads) { job, _ in
        packing.pack(operation, segment: job / operation.heads, head: job % operation.heads)
      }
      pool.run(jobs: jobs.count) { [jobs] job, worker in
        let (segment, head, rows) = jobs[job]
        operation.attend(
          segments[segment], head: head, rows: rows, packing: packing, segmentIndex: segment,
          scratch: scratch[worker])
      }
    }
  }

  private static func check(
    queries: Matrix, keys: Matrix, values: Matrix, segments: [AttentionSegment], heads: Int,
    output: Matrix
  ) {
    check(queries, output, "attention's queries and output")
    check(keys, values, "attention's keys and values")
    check(
      queries: queries, keyRows: keys.rows, keyColumns: keys.columns, segments: segments,
      heads: heads)
  }

  private static func check(
    queries: Matrix, keyRows: Int, keyColumns: Int, segments: [AttentionSegment], heads: Int
  ) {
    precondition(
      heads > 0 && queries.columns % heads == 0 && queries.columns > 0
        && keyColumns == queries.columns,
      """
      attention of \(heads) heads with queries \(queries.shapeText), keys \(keyRows) x \(keyColumns)
      """)
    for segment in segments {
      precondition(
        segment.queries.lowerBound >= 0 && segment.queries.upperBound <= queries.rows
          && segment.keys.lowerBound >= 0 && segment.keys.upperBound <= keyRows,
        """
        attention segment of queries \(segment.queries), keys \(segment.keys) in \
        \(queries.shapeText) and \(keyRows) x \(keyColumns)
        """)
    }
  }
}
