internal import Records

/// How often each model beat, or tied with, each other one.
package struct ComparisonCounts: Sendable, Equatable {
  /// Wins of the row over the column.
  package private(set) var wins: [[Int]] = []
  /// Ties between two good answers, symmetric.
  package private(set) var sameGood: [[Int]] = []
  /// Ties between two bad answers, symmetric.
  package private(set) var sameBad: [[Int]] = []

  /// The number of models.
  package var count: Int { wins.count }

  init() {}

  mutating func grow(to count: Int) {
    guard count > wins.count else { return }
    for row in wins.indices {
      let missing = repeatElement(0, count: count - wins[row].count)
      wins[row].append(contentsOf: missing)
      sameGood[row].append(contentsOf: missing)
      sameBad[row].append(contentsOf: missing)
    }
    while wins.count < count {
      wins.append([Int](repeating: 0, count: count))
      sameGood.append([Int](repeating: 0, count: count))
      sameBad.append([Int](repeating: 0, count: count))
    }
  }

  mutating func add(_ verdict: Verdict, _ a: Int, _ b: Int) {
    switch verdict {
    case .aIsBetter: wins[a][b] += 1
    case .bIsBetter: wins[b][a] += 1
    case .sameGood:
      sameGood[a][b] += 1
      sameGood[b][a] += 1
    case .sameBad:
      sameBad[a][b] += 1
      sameBad[b][a] += 1
    }
  }

  /// The share of comparisons that the row won against the column.
  func winRate(_ row: Int, _ column: Int, ties: TiePolicy) -> MeanValue {
    var tally = Tally()
    tally.add(Double(wins[row][column]), count: Double(wins[row][column]))
    tally.add(0, count: Double(wins[column][row]))
    for (verdict, number) in [
      (Verdict.sameGood, sameGood[row][column]), (.sameBad, sameBad[row][column]),
    ] {
      if let credit = ties.winCredit(of: verdict) {
        tally.add(credit.a * Double(number), count: Double(number))
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
        let good = Double(sameGood[row][column])
        let bad = Double(sameBad[row][column])
        credits[row * count + column] =
          Double(wins[row][column]) + goodCredit * good + badCredit * bad
        tied[row * count + column] =
          (goodCredit > 0 ? good : 0) + (badCredit > 0 ? bad : 0)
      }
    }
    return (credits, tied)
  }
}
