internal import Records

/// How often each model beat, or tied with, each other one; a verdict counts its weight.
package struct ComparisonCounts: Sendable, Equatable {
  /// Wins of the row over the column.
  package private(set) var wins: [[Double]] = []
  /// Ties between two good answers, symmetric.
  package private(set) var sameGood: [[Double]] = []
  /// Ties between two bad answers, symmetric.
  package private(set) var sameBad: [[Double]] = []

  /// The number of models.
  package var count: Int { wins.count }

  init() {}

  mutating func grow(to count: Int) {
    guard count > wins.count else { return }
    for row in wins.indices {
      let missing = repeatElement(0.0, count: count - wins[row].count)
      wins[row].append(contentsOf: missing)
      sameGood[row].append(contentsOf: missing)
      sameBad[row].append(contentsOf: missing)
    }
    while wins.count < count {
      let row = [Double](repeating: 0, count: count)
      wins.append(row)
      sameGood.append(row)
      sameBad.append(row)
    }
  }

  mutating func add(_ verdict: Verdict, _ a: Int, _ b: Int, weight: Double = 1) {
    switch verdict {
    case .aIsBetter: wins[a][b] += weight
    case .bIsBetter: wins[b][a] += weight
    case .sameGood:
      sameGood[a][b] += weight
      sameGood[b][a] += weight
    case .sameBad:
      sameBad[a][b] += weight
      sameBad[b][a] += weight
    }
  }

  /// The share of comparisons that the row won against the column.
  func winRate(_ row: Int, _ column: Int, ties: TiePolicy) -> MeanValue {
    var tally = Tally()
    tally.add(wins[row][column], count: wins[row][column])
    tally.add(0, count: wins[column][row])
    for (verdict, number) in [
      (Verdict.sameGood, sameGood[row][column]), (.sameBad, sameBad[row][column]),
    ] {
      if let credit = ties.winCredit(of: verdict) {
        tally.add(credit.a * number, count: number)
      }
    }
    return tally.mean(scale: 100)
  }

  /// Wins for Bradley-Terry, and how many of the games were ties, both [count, count].
  func games(ties: TiePolicy) -> (wins: [Double], ties: [Double]) {
    var credits = [Double](repeating: 0, count: count * count)
    var tied = credits
    let goodCredit = ties.winCredit(of: .sameGood)?.a ?? 0
    let badCredit = ties.winCredit(of: .sameBad)?.a ?? 0
    for row in 0..<count {
      for column in 0..<count {
        let good = sameGood[row][column]
        let bad = sameBad[row][column]
        credits[row * count + column] = wins[row][column] + goodCredit * good + badCredit * bad
        tied[row * count + column] =
          (goodCredit > 0 ? good : 0) + (badCredit > 0 ? bad : 0)
      }
    }
    return (credits, tied)
  }
}
