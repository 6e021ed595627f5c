/// The tokens of a call.
package struct TokenUsage: Sendable, Equatable {
  /// Tokens of the prompt.
  package let promptTokens: Int
  /// Tokens of the answer.
  package let completionTokens: Int
  /// Whether a number was estimated from the text's length because the server did not say.
  package let isEstimate: Bool

  /// The tokens of a call.
  package init(promptTokens: Int, completionTokens: Int, isEstimate: Bool = false) {
    self.promptTokens = promptTokens
    self.completionTokens = completionTokens
    self.isEstimate = isEstimate
  }

  /// An estimate of the tokens in a text: a token per four bytes, rounded up.
  ///
  /// English has about four letters per token in byte-level BPE; other scripts have more bytes per
  /// letter and more tokens per letter, so that bytes estimate them better than letters would.
  ///
  /// - Parameter bytes: the number of UTF-8 bytes.
  /// - Returns: the number of tokens, at least 1 unless there is no text.
  package static func estimate(bytes: Int) -> Int { (bytes + 3) / 4 }
}
