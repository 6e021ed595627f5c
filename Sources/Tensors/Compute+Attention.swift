internal import CVectorKernels

extension Compute {
  /// Fewer queries than this in a sequence are handled one by one: packing the keys would not pay.
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
    var few: [AttentionSegment] = []
    var many: [AttentionSegment] = []
    for segment in segments where !segment.queries.isEmpty {
      if segment.keys.isEmpty {
        output.rows(segment.queries).fill(0)
      } else if segment.queries.count < Self.packedQueries {
        few.append(segment)
      } else {
        many.append(segment)
      }
    }
    run(operation, single: few)
    run(operation, packed: many)
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

  /// Each query of each head on its own.
  private func run(_ operation: AttentionOperation, single segments: [AttentionSegment]) {
    guard !segments.isEmpty else { return }
    let jobs = AttentionJobs(segments: segments, heads: operation.heads, block: 1)
    let width = segments.reduce(0) { max($0, $1.keys.count) }
    let scratch = scratch(byteCount: width * 4)
    pool.run(jobs: jobs.count) { job, worker in
      let (segment, head, rows) = jobs[job]
      operation.attendSingle(
        jobs.segments[segment], head: head, query: rows.lowerBound, scratch: scratch[worker])
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
    precondition(
      heads > 0 && queries.columns % heads == 0 && queries.columns > 0
        && keys.columns == queries.columns,
      "attention of \(heads) heads with queries \(queries.shapeText), keys \(keys.shapeText)")
    for segment in segments {
      precondition(
        segment.queries.lowerBound >= 0 && segment.queries.upperBound <= queries.rows
          && segment.keys.lowerBound >= 0 && segment.keys.upperBound <= keys.rows,
        """
        attention segment of queries \(segment.queries), keys \(segment.keys) in \
        \(queries.shapeText) and \(keys.shapeText)
        """)
    }
  }
}
