package import Records

/// How often two judges say the same of the same pair.
///
/// Source: J. Cohen, A Coefficient of Agreement for Nominal Scales (1960).
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
}
