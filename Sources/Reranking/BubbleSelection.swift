/// Finds the best or the worst candidates by passes of comparisons of neighbours.
///
/// A pass goes from left to right and carries the winner along; each comparison is made in both
/// orders. Equal candidates stay where they are.
///
/// Source: LLM-Blender `pair_ranker/ranker.py`, `CrossCompareReranker._bubble_predict`. Differs in
/// that a further pass leaves out the winners of those before it, so that k passes give the best k;
/// ``Passes/published`` starts the i-th one at the i-th place instead.
package struct BubbleSelection: Sendable, Equatable {
  /// Who wins a comparison.
  package enum Choice: String, Sendable, CaseIterable {
    /// The better candidate.
    case best
    /// The worse candidate.
    case worst
  }

  /// Which places further passes go over.
  package enum Passes: Sendable, Equatable {
    /// All but those of earlier winners.
    case sorting
    /// As in the published code, which does not give the second best.
    case published
  }

  /// One comparison of neighbours, by the candidates' numbers.
  package struct Comparison: Sendable, Equatable {
    /// The candidate on the left.
    package let left: Int
    /// The candidate on the right.
    package let right: Int
    /// Who was carried on.
    package let winner: Int
  }

  /// What passes came to.
  package struct Outcome: Sendable, Equatable {
    /// All comparisons in order.
    package let comparisons: [Comparison]
    /// The candidates in their places after the last pass.
    package let order: [Int]
    /// The winner of each pass.
    package let winners: [Int]
  }

  /// Who wins.
  package var choice = Choice.best
  /// How many passes are made.
  package var passCount = 1
  /// The candidates in their places before the first pass; `nil` for candidate order.
  package var permutation: [Int]?
  /// Which places further passes go over.
  package var passes = Passes.sorting

  /// One pass for the best candidate, from candidate order.
  package init() {}

  /// Makes the passes as far as the logits are known.
  ///
  /// - Parameter known: the logits.
  /// - Returns: the outcome, or the pairs that are needed to go on.
  package func run(_ known: ComparisonMatrix) -> Result<Outcome, Needed> {
    let count = known.count
    var order = permutation ?? Array(0..<count)
    precondition(order.count == count, "a permutation of \(order.count) of \(count) candidates")
    var comparisons: [Comparison] = []
    var winners: [Int] = []
    for pass in 0..<min(passCount, max(1, count - 1)) {
      let start = passes == .published ? pass : 0
      let end = passes == .published ? count - 1 : count - 1 - pass
      guard start < end else { break }
      for place in start..<end {
        let (left, right) = (order[place], order[place + 1])
        guard let margin = known.margin(left, right) else {
          return .failure(Needed(pairs: RankingMode.needed(left, right, known)))
        }
        let rightWins = choice == .best ? margin <= 0 : margin >= 0
        if !rightWins { order.swapAt(place, place + 1) }
        comparisons.append(
          Comparison(left: left, right: right, winner: rightWins ? right : left))
      }
      winners.append(order[end])
    }
    if winners.isEmpty, let only = order.last { winners = [only] }
    return .success(Outcome(comparisons: comparisons, order: order, winners: winners))
  }

  /// The pairs that are needed to go on.
  package struct Needed: Error, Equatable {
    /// The pairs.
    package let pairs: [RankingMode.Pair]
  }

  /// The i-th winner ranks i-th from its end; all others share the place beside them.
  func step(_ known: ComparisonMatrix) -> RankingMode.Step {
    switch run(known) {
    case .failure(let needed): return .compare(needed.pairs)
    case .success(let outcome):
      var scores = [Double](repeating: 0, count: known.count)
      let sign: Double = choice == .best ? 1 : -1
      for (place, winner) in outcome.winners.enumerated() {
        scores[winner] = sign * Double(known.count - 1 - place)
      }
      return .ranked(RankedCandidates(scores: scores))
    }
  }
}
