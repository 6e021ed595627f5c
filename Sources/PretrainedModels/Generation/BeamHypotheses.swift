internal import Foundation

/// The best complete sequences of a beam search.
///
/// Source: transformers/generation/beam_search.py@v4.46.3, `BeamHypotheses`.
struct BeamHypotheses {
  struct Hypothesis {
    var ids: [Int]
    var logProbabilities: [Float]
    var score: Double
  }

  let capacity: Int
  let lengthPenalty: Double
  let stopsEarly: Bool
  /// In the order in which they came.
  private(set) var hypotheses: [Hypothesis] = []
  private var worst = 1e9

  init(capacity: Int, lengthPenalty: Double, stopsEarly: Bool) {
    self.capacity = capacity
    self.lengthPenalty = lengthPenalty
    self.stopsEarly = stopsEarly
  }

  /// Offers a sequence.
  ///
  /// - Parameters:
  ///   - ids: the tokens, without the one that ended it.
  ///   - logProbabilities: those of the tokens after the start token.
  ///   - sum: the sum of processed log-probabilities.
  ///   - length: the tokens after the start token, that which ended it included.
  mutating func add(ids: [Int], logProbabilities: [Float], sum: Float, length: Int) {
    let score = Double(sum) / pow(Double(length), lengthPenalty)
    guard hypotheses.count < capacity || score > worst else { return }
    hypotheses.append(
      Hypothesis(ids: ids, logProbabilities: logProbabilities, score: score))
    guard hypotheses.count > capacity else {
      worst = min(score, worst)
      return
    }
    let order = hypotheses.indices.sorted {
      (hypotheses[$0].score, $0) < (hypotheses[$1].score, $1)
    }
    hypotheses.remove(at: order[0])
    worst = hypotheses.reduce(.infinity) { min($0, $1.score) }
  }

  /// Whether no sequence that is still open is likely to be better.
  ///
  /// - Parameters:
  ///   - bestSum: the greatest sum of a candidate of this step.
  ///   - length: the tokens of open sequences after the start token, this step's included.
  /// - Returns: whether the search is over.
  func isDone(bestSum: Float, length: Int) -> Bool {
    guard hypotheses.count >= capacity else { return false }
    return stopsEarly || worst >= Double(bestSum) / pow(Double(length), lengthPenalty)
  }

  /// The best sequences, the best one first; of equal ones that which came last.
  func best(_ count: Int) -> [Hypothesis] {
    let order = hypotheses.indices.sorted {
      (hypotheses[$0].score, $0) > (hypotheses[$1].score, $1)
    }
    return order.prefix(count).map { hypotheses[$0] }
  }
}
