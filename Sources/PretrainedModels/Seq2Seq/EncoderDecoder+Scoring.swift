public import Tensors

extension EncoderDecoder {
  /// The targets that are computed together, in tokens of both sides.
  private static var tokenBudget: Int { EncoderDefaults.tokenBudget }
  /// Numbers of logits that are held at a time.
  private static var logitBudget: Int { 4 << 20 }

  /// What the decoder reads to predict a target: the start token, then all tokens but the last.
  ///
  /// - Parameters:
  ///   - target: the tokens to be predicted.
  ///   - start: the decoder's first input.
  /// - Returns: as many tokens as the target has.
  public func decoderInput(_ target: [Int], start: Int) -> [Int] {
    target.isEmpty ? [] : [start] + target.dropLast()
  }

  /// Computes the decoder's states with whole targets at hand.
  ///
  /// - Parameters:
  ///   - sources: sequences that ``EncoderDecoderShape/check(sources:)`` accepts.
  ///   - inputs: what the decoder reads for each target.
  ///   - owners: for each target the number of its source; `nil` when there is one for each.
  ///   - body: receives the encoder's states `[source tokens, hidden]` and the decoder's
  ///     `[target tokens, hidden]`, which are valid until it returns.
  /// - Returns: what `body` returns.
  /// - Throws: `TableReadError` when the file of the embeddings cannot be read; what `body` throws.
  public func withStates<Result>(
    sources: TokenBatch, inputs: TokenBatch, owners: [Int]? = nil,
    _ body: (_ encoder: Matrix, _ decoder: Matrix) throws -> Result
  ) throws -> Result {
    let workspace = compute.workspace
    return try workspace.scope {
      let states = workspace.matrix(rows: sources.count, columns: shape.hiddenSize)
      try encode(sources, into: states)
      let hidden = workspace.matrix(rows: inputs.count, columns: shape.hiddenSize)
      try embedTarget(inputs.ids, positions: inputs.positions, into: hidden)
      let attention = TeacherForcing(
        self, states: states, sources: sources, targets: inputs,
        owners: owners ?? Array(sources.lengths.indices))
      for layer in 0..<shape.decoderLayers {
        workspace.scope { applyDecoder(layer: layer, to: hidden, attention: attention) }
      }
      return try body(states, hidden)
    }
  }

  /// The log-probability of each token of given targets, of any number, in batches of bounded memory.
  ///
  /// Source: Yuan et al., "BARTScore", 2021, https://arxiv.org/abs/2106.11520, scores texts by the
  /// mean of these.
  ///
  /// - Parameters:
  ///   - targets: the tokens to be predicted for each source.
  ///   - sources: the tokens that the encoder reads.
  ///   - start: the decoder's first input.
  /// - Returns: for each target one number for each token.
  /// - Throws: ``ModelInputError``, before anything is computed; `TableReadError`.
  public func logProbabilities(
    of targets: [[Int]], given sources: [[Int]], start: Int
  ) throws -> [[Float]] {
    precondition(
      targets.count == sources.count, "\(targets.count) targets for \(sources.count) sources")
    let inputs = targets.map { decoderInput($0, start: start) }
    try shape.check(sources: sources)
    try shape.check(targets: inputs)
    try shape.check(targets: targets)
    var results = [[Float]](repeating: [], count: targets.count)
    let plan = BatchPlan(
      lengths: zip(sources, targets).map { $0.count + $1.count }, tokenBudget: Self.tokenBudget)
    for numbers in plan.batches {
      let labels = numbers.flatMap { targets[$0] }
      let values = try withStates(
        sources: TokenBatch(numbers.map { TokenSequence(sources[$0]) }),
        inputs: TokenBatch(numbers.map { TokenSequence(inputs[$0]) })
      ) { _, hidden in logProbabilities(of: labels, states: hidden) }
      var first = 0
      for number in numbers {
        results[number] = Array(values[first..<first + targets[number].count])
        first += targets[number].count
      }
    }
    return results
  }

  /// The log-probability of one label for each row of the decoder's states.
  ///
  /// - Parameters:
  ///   - labels: the tokens, one for each row.
  ///   - hidden: the decoder's states, `[target tokens, hidden]`.
  /// - Returns: one number for each label.
  public func logProbabilities(of labels: [Int], states hidden: Matrix) -> [Float] {
    let rows = max(1, min(hidden.rows, Self.logitBudget / shape.vocabularySize))
    var values: [Float] = []
    values.reserveCapacity(labels.count)
    compute.workspace.scope {
      let logits = compute.workspace.matrix(rows: rows, columns: shape.vocabularySize)
      let sums = compute.workspace.matrix(rows: rows, columns: 1)
      for start in stride(from: 0, to: hidden.rows, by: rows) {
        let block = hidden.rows(start..<min(hidden.rows, start + rows))
        let scores = logits.rows(0..<block.rows)
        project(block, into: scores)
        compute.logSumExp(scores, into: sums.rows(0..<block.rows))
        for row in 0..<block.rows {
          values.append(scores[row, labels[start + row]] - sums[row, 0])
        }
      }
    }
    return values
  }

  /// The scores of the next token after each token that the decoder reads.
  ///
  /// - Parameters:
  ///   - sources: the tokens that the encoder reads.
  ///   - inputs: what the decoder reads for each source.
  ///   - body: receives `[target tokens, vocabulary]`, valid until it returns.
  /// - Returns: what `body` returns.
  /// - Throws: ``ModelInputError``, before anything is computed; `TableReadError`.
  public func withLogits<Result>(
    sources: [[Int]], inputs: [[Int]], _ body: (Matrix) throws -> Result
  ) throws -> Result {
    try shape.check(sources: sources)
    try shape.check(targets: inputs)
    return try withStates(
      sources: TokenBatch(sources.map { TokenSequence($0) }),
      inputs: TokenBatch(inputs.map { TokenSequence($0) })
    ) { _, hidden in
      let logits = compute.workspace.matrix(rows: hidden.rows, columns: shape.vocabularySize)
      project(hidden, into: logits)
      return try body(logits)
    }
  }
}
