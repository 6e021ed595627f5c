internal import Foundation

/// Keeps the smallest set of likely tokens whose probability reaches p, at least one.
///
/// Source: Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020,
/// https://arxiv.org/abs/1904.09751; transformers/generation/logits_process.py@v4.46.3,
/// `TopPLogitsWarper`: the least likely tokens whose sum is at most 1 - p are dropped.
public struct TopP: LogitsProcessor {
  /// The probability to be reached.
  public let probability: Double

  /// Makes a processor.
  ///
  /// - Parameter probability: the probability to be reached, in 0...1; 1 keeps everything.
  public init(_ probability: Double) {
    precondition((0...1).contains(probability), "a probability of \(probability)")
    self.probability = probability
  }

  /// Changes the scores of one sequence's next token.
  ///
  /// - Parameters:
  ///   - scores: `[vocabulary]`.
  ///   - tokens: the sequence so far, the decoder's start token first.
  public func process(_ scores: inout MutableSpan<Float>, after tokens: [Int]) {
    guard probability < 1, scores.count > 1 else { return }
    let share = Float(1 - probability)
    var top = -Float.infinity
    for index in scores.indices { top = max(top, scores[index]) }
    guard top > -.infinity else { return }
    // A vocabulary has tens of thousands of tokens, of which nearly all are dropped: scores are put
    // into bins by their size, and only the bin in which the sum reaches 1 - p is sorted.
    var bins = [Double](repeating: 0, count: Self.bins)
    for index in scores.indices where scores[index] > -.infinity {
      bins[Self.bin(scores[index], top)] += Double(exp(scores[index] - top))
    }
    let total = bins.reduce(0, +)
    var dropped: Double = 0
    var border = 0
    while border < Self.bins - 1, Float((dropped + bins[border]) / total) <= share {
      dropped += bins[border]
      border += 1
    }
    var middle: [(score: Float, index: Int)] = []
    for index in scores.indices {
      let bin = Self.bin(scores[index], top)
      if bin < border {
        scores[index] = -.infinity
      } else if bin == border {
        middle.append((scores[index], index))
      }
    }
    middle.sort { $0.score < $1.score || ($0.score == $1.score && $0.index < $1.index) }
    // The likeliest token is in the last bin, and stays.
    if border == Self.bins - 1 { middle.removeLast() }
    for item in middle {
      dropped += Double(exp(item.score - top))
      guard Float(dropped / total) <= share else { break }
      scores[item.index] = -.infinity
    }
  }

  private static let bins = 512

  /// Bins of 1/16 below the greatest score; everything further down is in the first one.
  private static func bin(_ score: Float, _ top: Float) -> Int {
    let distance = (top - score) * 16
    return distance < Float(bins - 1) ? bins - 1 - Int(distance) : 0
  }
}
