/// Ranks of scores: competition ranks ("1224") for rankings, average ranks for Spearman.
package enum CompetitionRanks {
  /// Competition ranks: the best is 1, equal scores share the better rank.
  ///
  /// A score that is not a number ranks behind every number.
  ///
  /// - Parameters:
  ///   - scores: one score per candidate.
  ///   - higherIsBetter: whether the largest score is the best.
  /// - Returns: the ranks in the order of the scores.
  package static func ranks(of scores: [Double], higherIsBetter: Bool = true) -> [Int] {
    let keys = scores.map { score -> Double in
      if score.isNaN { return -.infinity }
      return higherIsBetter ? score : -score
    }
    // A real minus infinity still ranks before "not a number".
    return keys.indices.map { index in
      var rank = 1
      for other in keys.indices {
        if keys[other] > keys[index]
          || (keys[other] == keys[index] && scores[index].isNaN && !scores[other].isNaN)
        {
          rank += 1
        }
      }
      return rank
    }
  }

  /// The candidates in order of rank; equal ranks keep the candidates' order.
  ///
  /// - Parameter ranks: one rank per candidate.
  /// - Returns: the indices of the candidates, best first.
  package static func order(of ranks: [Int]) -> [Int] {
    ranks.indices.sorted { (ranks[$0], $0) < (ranks[$1], $1) }
  }

  /// Average ranks: equal values share the mean of the places they take.
  ///
  /// - Parameter values: one value per candidate, the smallest gets rank 1.
  /// - Returns: the ranks in the order of the values.
  package static func averageRanks(of values: [Int]) -> [Double] {
    values.map { value in
      var smaller = 0
      var equal = 0
      for other in values {
        if other < value { smaller += 1 } else if other == value { equal += 1 }
      }
      return Double(smaller) + Double(equal + 1) / 2
    }
  }
}
