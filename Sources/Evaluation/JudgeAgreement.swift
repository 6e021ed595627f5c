package import Records

/// How often two judges say the same of the same pair.
///
/// Source: J. Cohen, A Coefficient of Agreement for Nominal Scales (1960); the intervals are those of
/// J. L. Fleiss, J. Cohen, B. S. Everitt, Large Sample Standard Errors of Kappa and Weighted Kappa
/// (1969), for pairs that are independent of one another.
package struct JudgeAgreement: Sendable, Equatable {
  /// The first judge.
  package let first: String
  /// The second judge.
  package let second: String
  /// How often each pair of verdicts occurred, [4, 4], rows by the first judge, in the order of
  /// `Verdict.allCases`; pairs are taken in candidate order.
  package private(set) var counts = [Int](repeating: 0, count: 16)

  /// No common verdicts yet.
  package init(first: String, second: String) {
    self.first = first
    self.second = second
  }

  /// Counts the verdicts of both judges on one pair, in the same order of its candidates.
  package mutating func add(_ left: Verdict, _ right: Verdict) {
    counts[Self.position(left) * 4 + Self.position(right)] += 1
  }

  /// The number of common verdicts.
  package var total: Int { counts.reduce(0, +) }

  /// The share of equal verdicts in percent, over the four verdicts.
  package var raw: MeanValue { Self.agreement(counts, side: 4) }

  /// The share of equal verdicts in percent when both kinds of tie are one.
  package var rawThreeWay: MeanValue { Self.agreement(threeWay, side: 3) }

  /// Cohen's kappa over the four verdicts; `nil` when chance alone agrees always.
  package var kappa: Double? { Self.kappa(counts, side: 4) }

  /// Cohen's kappa when both kinds of tie are one; `nil` when chance alone agrees always.
  package var kappaThreeWay: Double? { Self.kappa(threeWay, side: 3) }

  /// The 95 % interval of ``kappa``; `nil` when there is no kappa.
  package var kappaInterval: ConfidenceInterval? { Self.interval(counts, side: 4) }

  /// The 95 % interval of ``kappaThreeWay``; `nil` when there is no kappa.
  package var kappaThreeWayInterval: ConfidenceInterval? { Self.interval(threeWay, side: 3) }

  /// How often both named a winner, and how often it was the same one.
  package var decisive: (same: Int, total: Int) {
    (counts[0] + counts[5], counts[0] + counts[1] + counts[4] + counts[5])
  }

  /// The four verdicts of both judges against one another, rows by the first one.
  package var confusionTable: ReportTable {
    ReportTable(
      name: "confusion", title: "\(first) in rows, \(second) in columns",
      columns: [.init("Verdict", isText: true)] + Verdict.allCases.map { .init($0.rawValue) }
        + [.init("Total")],
      rows: Verdict.allCases.map { row in
        let start = Self.position(row) * 4
        return [.text(row.rawValue)]
          + Verdict.allCases.map { .integer(counts[start + Self.position($0)]) }
          + [.integer(counts[start..<(start + 4)].reduce(0, +))]
      })
  }

  private var threeWay: [Int] {
    var result = [Int](repeating: 0, count: 9)
    for row in 0..<4 {
      for column in 0..<4 { result[min(row, 2) * 3 + min(column, 2)] += counts[row * 4 + column] }
    }
    return result
  }

  private static func position(_ verdict: Verdict) -> Int {
    switch verdict {
    case .aIsBetter: 0
    case .bIsBetter: 1
    case .sameGood: 2
    case .sameBad: 3
    }
  }

  private static func agreement(_ counts: [Int], side: Int) -> MeanValue {
    .share((0..<side).reduce(0) { $0 + counts[$1 * side + $1] }, of: counts.reduce(0, +))
  }

  private static func kappa(_ counts: [Int], side: Int) -> Double? {
    let total = Double(counts.reduce(0, +))
    guard total > 0 else { return nil }
    var observed = 0.0
    var expected = 0.0
    for label in 0..<side {
      observed += Double(counts[label * side + label]) / total
      let row = (0..<side).reduce(0) { $0 + counts[label * side + $1] }
      let column = (0..<side).reduce(0) { $0 + counts[$1 * side + label] }
      expected += Double(row) / total * (Double(column) / total)
    }
    // One label only: the marginals multiply to exactly 1 up to rounding.
    return 1 - expected < 1e-12 ? nil : (observed - expected) / (1 - expected)
  }

  private static func interval(_ counts: [Int], side: Int) -> ConfidenceInterval? {
    guard let kappa = kappa(counts, side: side) else { return nil }
    let total = Double(counts.reduce(0, +))
    let share = { (row: Int, column: Int) in Double(counts[row * side + column]) / total }
    let rows = (0..<side).map { row in (0..<side).reduce(0) { $0 + share(row, $1) } }
    let columns = (0..<side).map { column in (0..<side).reduce(0) { $0 + share($1, column) } }
    let expected = zip(rows, columns).reduce(0) { $0 + $1.0 * $1.1 }
    var sum = 0.0
    for row in 0..<side {
      for column in 0..<side {
        let margins = columns[row] + rows[column]
        let factor = row == column ? 1 - margins * (1 - kappa) : margins * (1 - kappa)
        sum += share(row, column) * factor * factor
      }
    }
    let offset = kappa - expected * (1 - kappa)
    // Full agreement comes out as a difference of equal numbers.
    let variance = max(0, sum - offset * offset) / (total * (1 - expected) * (1 - expected))
    let reach = 1.959963984540054 * variance.squareRoot()
    return ConfidenceInterval(lower: max(-1, kappa - reach), upper: min(1, kappa + reach))
  }
}
