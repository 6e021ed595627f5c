/// One sequence that a model wrote.
public struct GeneratedSequence: Sendable, Equatable {
  /// The tokens, the decoder's start token first; with the token that ended it, if one did.
  public let ids: [Int]
  /// The model's own log-probability of each token after the start token, before any processing.
  public let logProbabilities: [Float]
  /// Beam search's score: the sum of processed log-probabilities over length^penalty; else nil.
  public let score: Double?

  /// Puts a sequence together.
  ///
  /// - Parameters:
  ///   - ids: the tokens, the decoder's start token first.
  ///   - logProbabilities: one for each token after the start token.
  ///   - score: beam search's score.
  public init(ids: [Int], logProbabilities: [Float], score: Double? = nil) {
    self.ids = ids
    self.logProbabilities = logProbabilities
    self.score = score
  }
}
