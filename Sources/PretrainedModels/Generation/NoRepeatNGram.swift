/// Forbids a token that would repeat a run of `size` tokens of the sequence.
///
/// Source: transformers/generation/logits_process.py@v4.46.3, `NoRepeatNGramLogitsProcessor`.
public struct NoRepeatNGram: LogitsProcessor {
  /// The number of tokens of a run that may occur only once.
  public let size: Int

  /// Makes a processor.
  ///
  /// - Parameter size: the number of tokens, at least 1.
  public init(size: Int) {
    precondition(size > 0, "runs of \(size) tokens")
    self.size = size
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    guard tokens.count >= size else { return }
    let end = tokens.suffix(size - 1)
    for last in size - 1..<tokens.count
    where tokens[last - size + 1..<last].elementsEqual(end) {
      scores.forbid([tokens[last]])
    }
  }
}
