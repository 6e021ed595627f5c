/// Makes the token at one place certain, such as the language's or the end at the greatest length.
///
/// Source: transformers/generation/logits_process.py@v4.46.3, `ForcedBOSTokenLogitsProcessor`,
/// `ForcedEOSTokenLogitsProcessor`.
public struct ForcedTokens: LogitsProcessor {
  /// The tokens, one of which must come.
  public let tokens: [Int]
  /// How many tokens stand before it, the start token included.
  public let place: Int

  /// Makes a processor.
  ///
  /// - Parameters:
  ///   - tokens: the tokens, one of which must come.
  ///   - place: how many tokens stand before it, the start token included.
  public init(_ tokens: [Int], at place: Int) {
    self.tokens = tokens
    self.place = place
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    if tokens.count == place { scores.keepOnly(self.tokens) }
  }
}
