/// Forbids the end of a sequence until it has some length.
///
/// Source: transformers/generation/logits_process.py@v4.46.3, `MinLengthLogitsProcessor`,
/// `MinNewTokensLengthLogitsProcessor`.
public struct MinimumLength: LogitsProcessor {
  /// The tokens that the sequence must have, the start token included.
  public let length: Int
  /// The tokens that end it.
  public let endTokens: [Int]

  /// Makes a processor.
  ///
  /// - Parameters:
  ///   - length: the tokens that the sequence must have, the start token included.
  ///   - endTokens: the tokens that end it.
  public init(length: Int, endTokens: [Int]) {
    self.length = length
    self.endTokens = endTokens
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    if tokens.count < length { scores.forbid(endTokens) }
  }
}
