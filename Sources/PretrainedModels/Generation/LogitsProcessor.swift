/// Changes the scores of the next token before one is chosen.
///
/// Scores are logits when one sequence is followed, and log-probabilities in beam search.
public protocol LogitsProcessor: Sendable {
  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`; -infinity forbids a token.
  ///   - tokens: the sequence so far, the decoder's start token first.
  func process(_ scores: inout MutableSpan<Float>, after tokens: [Int])
}

extension [any LogitsProcessor] {
  /// Applies all processors in their order.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    for processor in self { processor.process(&scores, after: tokens) }
  }
}

extension MutableSpan<Float> {
  /// Forbids all tokens but some, whose scores become 0.
  mutating func keepOnly(_ tokens: [Int]) {
    for index in indices { self[index] = -.infinity }
    for token in tokens where indices.contains(token) { self[token] = 0 }
  }

  /// Forbids tokens.
  mutating func forbid(_ tokens: [Int]) {
    for token in tokens where indices.contains(token) { self[token] = -.infinity }
  }
}
