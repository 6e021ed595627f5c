internal import Glibc

/// A BLEU score with what it was computed from.
package struct BLEUScore: Sendable, Equatable {
  /// The score, from 0 to 100 (rounding may add some 1e-14).
  package let score: Double
  /// The number of matched n-grams by n - 1, before smoothing.
  package let counts: [Int]
  /// The number of the hypothesis' n-grams by n - 1, before smoothing.
  package let totals: [Int]
  /// The smoothed precisions by n - 1, from 0 to 100.
  package let precisions: [Double]
  /// The brevity penalty, from 0 to 1.
  package let brevityPenalty: Double
  /// The number of the hypothesis' tokens.
  package let hypothesisLength: Int
  /// The number of tokens of the references that are closest in length.
  package let referenceLength: Int

  /// A score from counts.
  ///
  /// Source: sacreBLEU 2.6.0, `BLEU.compute_bleu`; the operations are in its order, so that sums
  /// round alike.
  init(_ statistics: BLEUStatistics, smoothing: BLEUSmoothing, usesEffectiveOrder: Bool) {
    counts = statistics.counts
    totals = statistics.totals
    hypothesisLength = statistics.hypothesisLength
    referenceLength = statistics.referenceLength
    let order = counts.count
    var penalty = 1.0
    if hypothesisLength < referenceLength {
      penalty =
        hypothesisLength > 0
        ? exp(1 - Double(referenceLength) / Double(hypothesisLength)) : 0
    }
    brevityPenalty = penalty
    var precisions = [Double](repeating: 0, count: order)
    guard counts.contains(where: { $0 > 0 }) else {
      self.precisions = precisions
      score = 0
      return
    }
    var halvings = 1.0
    var effectiveOrder = order
    for index in 0..<order {
      var count = Double(counts[index])
      var total = Double(totals[index])
      if case .add(let value) = smoothing, index > 0 {
        count += value
        total += value
      }
      if total == 0 { break }
      if usesEffectiveOrder { effectiveOrder = index + 1 }
      if count == 0 {
        switch smoothing {
        case .exponential:
          halvings *= 2
          precisions[index] = 100 / (halvings * total)
        case .floor(let value): precisions[index] = 100 * value / total
        case .none, .add: break
        }
      } else {
        precisions[index] = 100 * count / total
      }
    }
    self.precisions = precisions
    var sum = 0.0
    for precision in precisions[..<effectiveOrder] {
      // sacreBLEU's floor for the logarithm of zero.
      sum += precision == 0 ? -9_999_999_999 : log(precision)
    }
    score = penalty * exp(sum / Double(effectiveOrder))
  }
}

/// The counts that BLEU is computed from; they add up over a corpus.
struct BLEUStatistics: Sendable {
  var counts: [Int]
  var totals: [Int]
  var hypothesisLength = 0
  var referenceLength = 0

  init(order: Int) {
    counts = [Int](repeating: 0, count: order)
    totals = counts
  }

  static func += (left: inout BLEUStatistics, right: BLEUStatistics) {
    for index in left.counts.indices {
      left.counts[index] += right.counts[index]
      left.totals[index] += right.totals[index]
    }
    left.hypothesisLength += right.hypothesisLength
    left.referenceLength += right.referenceLength
  }
}
