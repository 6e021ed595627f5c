internal import Records

/// The order of an input's candidates.
package struct RankedCandidates: Sendable, Equatable {
  /// A score for each candidate, in candidate order; higher is better.
  package let scores: [Double]
  /// A competition rank for each candidate, in candidate order; 1 is the best.
  package let ranks: [Int]

  /// Ranks scores.
  ///
  /// - Parameter scores: a score for each candidate.
  package init(scores: [Double]) {
    self.scores = scores
    ranks = CompetitionRanks.ranks(of: scores)
  }

  /// The candidates' numbers, best first; equal ones in candidate order.
  package var bestFirst: [Int] { CompetitionRanks.order(of: ranks) }

  /// The first of the best candidates; `nil` when there is none.
  package var best: Int? { bestFirst.first }

  /// The last of the worst candidates; `nil` when there is none.
  package var worst: Int? { bestFirst.last }

  /// The best candidates, best first.
  ///
  /// - Parameter count: how many.
  /// - Returns: their numbers.
  package func top(_ count: Int) -> [Int] { Array(bestFirst.prefix(count)) }
}
