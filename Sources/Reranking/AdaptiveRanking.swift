/// Compares where it matters for who is best and who is among the best, and no more.
///
/// A comparison is of two candidates in both orders. Margins are taken for differences of strengths
/// plus noise: m(i, j) = s_i - s_j + e, with normal strengths and noise of variances 1 : 1/2. First
/// each candidate is compared with its neighbours in a ring. Then, again and again, the two
/// candidates are found of which it is least certain which one belongs above a boundary (behind the
/// best one, and behind the best `topCount`), and the pair is compared that tells most about the two.
/// It ends when the budget is used up, or every such order is more certain than ``certainty``
/// standard deviations. The scores are those of max-logits, with the expected margins of the pairs
/// that were not compared: with all pairs compared, they are max-logits.
///
/// Source: least squares of paired comparisons after Thurstone, "A Law of Comparative Judgment",
/// 1927, https://doi.org/10.1037/h0070288, with a ridge; pairs are chosen as in Bayesian experimental
/// design (Chaloner, Verdinelli, 1995, https://doi.org/10.1214/ss/1177009939).
package struct AdaptiveRanking: Sendable, Equatable {
  /// The most comparisons of an input; `nil` for as many as it takes.
  package var budget: Int?
  /// How many of the best are looked for.
  package var topCount = 3
  /// At how many standard deviations an order is certain.
  package var certainty = 2.0

  /// The variance of the noise relative to that of strengths.
  private static let noise = 0.5

  /// A search for the best three without a budget.
  package init() {}

  /// The next step.
  func step(_ known: ComparisonMatrix) -> RankingMode.Step {
    let count = known.count
    guard count > 1 else {
      return .ranked(RankedCandidates(scores: [Double](repeating: 0, count: count)))
    }
    let budget = max(1, budget ?? .max)
    let ring = Array(Self.ring(count).prefix(budget))
    let first = ring.flatMap { RankingMode.needed($0.first, $0.second, known) }
    guard first.isEmpty else { return .compare(first) }
    let fit = StrengthFit(known, noise: Self.noise)
    guard fit.comparisons < budget, let pair = next(fit) else {
      return .ranked(RankedCandidates(scores: fit.scores))
    }
    return .compare(RankingMode.needed(pair.first, pair.second, known))
  }

  private static func ring(_ count: Int) -> [RankingMode.Pair] {
    (0..<(count == 2 ? 1 : count)).map { RankingMode.Pair($0, ($0 + 1) % count) }
  }

  /// The pair that tells most about the least certain order; `nil` when all are certain.
  private func next(_ fit: StrengthFit) -> RankingMode.Pair? {
    let order = fit.order
    var least: (certainty: Double, above: Int, below: Int)?
    for boundary in Set([1, topCount]).sorted() where boundary < order.count {
      for above in order[..<boundary] {
        for below in order[boundary...] {
          let certainty = fit.certainty(above, over: below)
          if certainty < least?.certainty ?? certainty.nextUp {
            least = (certainty, above, below)
          }
        }
      }
    }
    guard let least, least.certainty < certainty else { return nil }
    var best: (gain: Double, pair: RankingMode.Pair)?
    for first in order.indices {
      for second in order.indices where first < second && !fit.isCompared(first, second) {
        let gain = fit.gain(of: first, second, for: least.above, least.below)
        if gain > best?.gain ?? -1 { best = (gain, RankingMode.Pair(first, second)) }
      }
    }
    return best?.pair
  }
}
