/// Makes tokens that the sequence already has less likely, each once however often it occurs.
///
/// Source: Keskar et al., "CTRL: A Conditional Transformer Language Model for Controllable
/// Generation", 2019, https://arxiv.org/abs/1909.05858; transformers/generation/logits_process.py
/// @v4.46.3, `RepetitionPenaltyLogitsProcessor`.
public struct RepetitionPenalty: LogitsProcessor {
  /// Positive scores are divided by it, negative ones multiplied; 1 changes nothing.
  public let penalty: Float

  /// Makes a processor.
  ///
  /// - Parameter penalty: greater than 0; above 1 repetition is discouraged.
  public init(penalty: Float) {
    precondition(penalty > 0, "a repetition penalty of \(penalty)")
    self.penalty = penalty
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    for token in Set(tokens) where scores.indices.contains(token) {
      let score = scores[token]
      scores[token] = score < 0 ? score * penalty : score / penalty
    }
  }
}
