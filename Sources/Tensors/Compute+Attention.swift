internal import CVectorKernels

extension Compute {
  /// The queries that one job handles together.
  static let queryBlock = 64

  /// Scaled dot-product attention of every head and every sequence of a ragged batch.
  ///
  /// Source: Vaswani et al., "Attention Is All You Need", 2017, https://arxiv.org/abs/1706.03762.
  ///
  /// - Parameters:
  ///   - queries: `[query tokens, heads * headSize]`.
  ///   - keys: `[key tokens, heads * headSize]`.
  ///   - values: `[key tokens, heads * headSize]`.
  ///   - segments: which queries see which keys; one for each sequence.
  ///   - heads: the number of heads.
  ///   - scale: the factor of the products.
  ///   - bias: added after scaling, by distance.
  ///   - isCausal: whether a query sees no later key; the last query stands at the last key.
  ///   - precision: below float32 the products are of bfloat16 numbers where the processor has them.
  ///   - output: `[query tokens, heads * headSize]`; may be the queries themselves.
  public func attention(
    queries: Matrix, keys: Matrix, values: Matrix, segments: [AttentionSegment], heads: Int,
    scale: Float, bias: DistanceBias? = nil, isCausal: Bool = false,
    precision: Precision = .float32, into output: Matrix
  ) {
    Self.check(
      queries: queries, keys: keys, values: values, segments: segments, heads: heads,
      output: output)
    if let bias {
      precondition(
        bias.table.rows == heads, "a bias for \(bias.table.rows) heads of \(heads)")
      for segment in segments where !segment.queries.isEmpty && !segment.keys.isEmpty {
        let last = segment.keys.count - 1
        precondition(
          bias.zero >= last && bias.zero - segment.firstQueryPosition + last < bias.table.columns,
          "a bias by distance that does not reach \(segment.keys.count) keys")
      }
    }
    let size = queries.columns / heads
    let jobs = AttentionJobs(segments: segments, heads: heads, block: Self.queryBlock)
    let width = segments.reduce(0) { max($0, $1.keys.count) }
    let scratch = scratch(byteCount: Self.queryBlock * width * 4)
    pool.run(jobs: jobs.count) { job, worker in
      let (segment, head, rows) = jobs[job]
      let columns = head * size..<(head + 1) * size
      let scores = unsafe Matrix(
        memory: scratch[worker], pointer: scratch[worker].base.assumingMemoryBound(to: Float.self),
        rows: rows.count, columns: segment.keys.count, rowStride: segment.keys.count)
      let asked = queries.rows(rows).columns(columns)
      let first = rows.lowerBound - segment.queries.lowerBound + segment.firstQueryPosition
      Product(
        asked, keys.rows(segment.keys).columns(columns), transposesRight: true, into: scores
      ).run()
      // Row r has the bias of distance j - (first + r): one entry further left each row.
      let start = unsafe bias.map { unsafe $0.table.pointer + head * $0.table.rowStride + $0.zero }
      for row in 0..<rows.count {
        unsafe cvk_softmax(
          scores.pointer + row * scores.rowStride, scores.rowStride, 1, scores.columns, scale,
          start.map { unsafe $0 - (first + row) }, 0,
          isCausal ? max(0, first + row + 1) : scores.columns, 0)
      }
      Product(
        scores, values.rows(segment.keys).columns(columns),
        into: output.rows(rows).columns(columns)
      ).run()
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
  ///   - output: `[tokens, heads * headSize]`; must not overlap the inputs.
  public func disentangledAttention(
    queries: Matrix, keys: Matrix, values: Matrix, lengths: [Int], heads: Int, scale: Float,
    positions: DisentangledPositions, precision: Precision = .float32, into output: Matrix
  ) {
    let segments = AttentionSegment.selfAttention(lengths: lengths)
    Self.check(
      queries: queries, keys: keys, values: values, segments: segments, heads: heads,
      output: output)
    let longest = lengths.max() ?? 0
    for table in [positions.keys, positions.queries] {
      guard let table else { continue }
      precondition(
        table.columns == queries.columns,
        "relative positions of \(table.columns) columns for queries of \(queries.columns)")
    }
    precondition(
      positions.keyIndex.reach >= longest && positions.queryIndex.reach >= longest,
      "relative positions that do not reach \(longest) tokens")
    let size = queries.columns / heads
    let block = Self.queryBlock
    // One job for each head and sequence: the term of position to content is a product with all
    // keys.
    let jobs = AttentionJobs(segments: segments, heads: heads, block: Int.max)
    let keyPositions = positions.keys?.rows ?? 0
    let queryPositions = positions.queries?.rows ?? 0
    let floats = block * longest + block * keyPositions + longest * queryPositions
    let scratch = scratch(byteCount: floats * 4)
    pool.run(jobs: jobs.count) { job, worker in
      let (segment, head, rows) = jobs[job]
      let columns = head * size..<(head + 1) * size
      let length = segment.keys.count
      let base = unsafe scratch[worker].base.assumingMemoryBound(to: Float.self)
      func matrix(_ offset: Int, _ rows: Int, _ columns: Int) -> Matrix {
        unsafe Matrix(
          memory: scratch[worker], pointer: base + offset, rows: rows, columns: columns,
          rowStride: columns)
      }
      let ownKeys = keys.rows(rows).columns(columns)
      var toContent: Matrix?
      if let table = positions.queries {
        let product = matrix(block * (longest + keyPositions), length, queryPositions)
        Product(ownKeys, table.columns(columns), transposesRight: true, into: product).run()
        toContent = product
      }
      for first in stride(from: 0, to: length, by: block) {
        let count = min(block, length - first)
        let asked = queries.rows(rows.lowerBound + first..<rows.lowerBound + first + count)
          .columns(columns)
        let scores = matrix(0, count, length)
        Product(asked, ownKeys, transposesRight: true, into: scores).run()
        var toPosition: Matrix?
        if let table = positions.keys {
          let product = matrix(block * longest, count, keyPositions)
          Product(asked, table.columns(columns), transposesRight: true, into: product).run()
          toPosition = product
        }
        unsafe cvk_disentangled_softmax(
          scores.pointer, scores.rowStride, count, length, first, scale, toPosition?.pointer,
          keyPositions, positions.keyIndex.origin, toContent?.pointer, queryPositions,
          positions.queryIndex.origin)
        Product(
          scores, values.rows(rows).columns(columns),
          into: output.rows(rows.lowerBound + first..<rows.lowerBound + first + count)
            .columns(columns)
        ).run()
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
      heads > 0 && queries.columns % heads == 0 && keys.columns == queries.columns,
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
