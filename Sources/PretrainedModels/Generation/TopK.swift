/// Keeps the tokens of the k greatest scores, and those that equal the least of them.
///
/// Source: Fan et al., "Hierarchical Neural Story Generation", 2018,
/// https://arxiv.org/abs/1805.04833; transformers/generation/logits_process.py@v4.46.3,
/// `TopKLogitsWarper`.
public struct TopK: LogitsProcessor {
  /// How many tokens are kept.
  public let count: Int

  /// Makes a processor.
  ///
  /// - Parameter count: how many tokens are kept, at least 1.
  public init(_ count: Int) {
    precondition(count > 0, "the \(count) greatest scores")
    self.count = count
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    guard count < scores.count else { return }
    var greatest = GreatestScores(count: count)
    for index in scores.indices { greatest.add(scores[index], index) }
    let least = greatest.least
    for index in scores.indices where scores[index] < least { scores[index] = -.infinity }
  }
}
