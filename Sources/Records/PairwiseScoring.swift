/// How a matrix of pairwise comparisons becomes one score and one rank per candidate.
///
/// Source: LLM-Blender `blender/pair_ranker/model_util.py` and `common/evaluation.py`.
package enum PairwiseScoring: String, Sendable, CaseIterable {
  /// How much better a candidate is than the others minus how much better they are than it.
  case maxLogits = "max-logits"
  /// How often a candidate is better than another, asked both ways.
  case maxWins = "max-wins"

  /// The scores as published.
  ///
  /// max-logits: the mean over all columns, the diagonal included, of M minus its transpose.
  /// max-wins: the positive entries of the row plus the *mean* over the rows of the negative entries
  /// of the column, a mixture of sum and mean that is kept as it is published.
  ///
  /// - Parameter matrix: entry [i][j] > 0 when i is better than j.
  /// - Returns: one score per candidate, rounded to single precision, in which ties are decided.
  package func scores(of matrix: some ComparisonEntries) -> [Double] {
    let count = Float(matrix.count)
    return (0..<matrix.count).map { candidate in
      switch self {
      case .maxLogits:
        return Double(Float(Self.balance(of: candidate, in: matrix)) / count)
      case .maxWins:
        let (wins, losses) = Self.wins(of: candidate, in: matrix)
        return Double(Float(wins) + Float(losses) / count)
      }
    }
  }

  /// The competition ranks of the sums, 1 for the best: this is how GPT-Rank is computed.
  ///
  /// Under max-wins they can differ from the ranks of ``scores(of:)``.
  ///
  /// - Parameter matrix: entry [i][j] > 0 when i is better than j.
  /// - Returns: one rank per candidate.
  package func ranks(of matrix: some ComparisonEntries) -> [Int] {
    CompetitionRanks.ranks(
      of: (0..<matrix.count).map { candidate in
        switch self {
        case .maxLogits: return Double(Float(Self.balance(of: candidate, in: matrix)))
        case .maxWins:
          let (wins, losses) = Self.wins(of: candidate, in: matrix)
          return Double(wins + losses)
        }
      })
  }

  private static func balance(of candidate: Int, in matrix: some ComparisonEntries) -> Double {
    var sum = 0.0
    for other in 0..<matrix.count { sum += matrix[candidate, other] - matrix[other, candidate] }
    return sum
  }

  private static func wins(of candidate: Int, in matrix: some ComparisonEntries) -> (Int, Int) {
    var wins = 0
    var losses = 0
    for other in 0..<matrix.count {
      if matrix[candidate, other] > 0 { wins += 1 }
      if matrix[other, candidate] < 0 { losses += 1 }
    }
    return (wins, losses)
  }
}
