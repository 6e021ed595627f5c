/// Forbids tokens everywhere, or at one place.
///
/// Source: transformers/generation/logits_process.py@v4.46.3, `SuppressTokensLogitsProcessor`,
/// `SuppressTokensAtBeginLogitsProcessor`.
public struct SuppressedTokens: LogitsProcessor {
  /// The tokens that must not come.
  public let tokens: [Int]
  /// How many tokens stand before the place, the start token included; nil for everywhere.
  public let place: Int?

  /// Makes a processor.
  ///
  /// - Parameters:
  ///   - tokens: the tokens that must not come.
  ///   - place: how many tokens stand before the place, the start token included; nil for everywhere.
  public init(_ tokens: [Int], at place: Int? = nil) {
    self.tokens = tokens
    self.place = place
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    if place == nil || place == tokens.count { scores.forbid(self.tokens) }
  }
}
