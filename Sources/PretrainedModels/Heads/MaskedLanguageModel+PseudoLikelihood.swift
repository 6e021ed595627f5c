internal import Tensors

extension MaskedLanguageModel {
  /// The logarithm of the probability of each token when it alone is masked.
  ///
  /// The first and last tokens of each sequence, which are special, are neither masked nor scored;
  /// the sum of the others is the sequence's pseudo-log-likelihood.
  ///
  /// Source: Salazar et al., "Masked Language Model Scoring", 2020, https://arxiv.org/abs/1910.14659.
  ///
  /// - Parameters:
  ///   - sequences: what to read, special tokens included.
  ///   - maskID: the mask token.
  ///   - tokenBudget: the most tokens that are computed together.
  /// - Returns: for each sequence the natural logarithms, from its second to its last but one token.
  /// - Throws: ``ModelInputError``.
  public func pseudoLogProbabilities(
    of sequences: [TokenSequence], maskID: Int, tokenBudget: Int = EncoderDefaults.tokenBudget
  ) throws -> [[Float]] {
    try encoder.shape.check(sequences)
    var results = sequences.map { [Float](repeating: 0, count: max(0, $0.ids.count - 2)) }
    // One copy of a sequence for each token: they are made in parts of bounded size.
    var copies: [TokenSequence] = []
    var masked: [(sequence: Int, position: Int)] = []
    var tokens = 0
    func score() throws {
      try forEachLogits(
        of: copies, at: masked.map { [$0.position] }, tokenBudget: tokenBudget
      ) { copy, _, logits in
        let (sequence, position) = masked[copy]
        encoder.compute.logSoftmax(logits, into: logits)
        results[sequence][position - 1] = logits[0, sequences[sequence].ids[position]]
      }
      copies.removeAll(keepingCapacity: true)
      masked.removeAll(keepingCapacity: true)
      tokens = 0
    }
    for (number, sequence) in sequences.enumerated() where sequence.ids.count > 2 {
      for position in 1..<sequence.ids.count - 1 {
        if tokens > 0, tokens + sequence.ids.count > 8 * tokenBudget { try score() }
        var copy = sequence
        copy.ids[position] = maskID
        copies.append(copy)
        masked.append((number, position))
        tokens += sequence.ids.count
      }
    }
    if !copies.isEmpty { try score() }
    return results
  }
}
