package import Records

/// How often two judges say the same of the same pair.
///
/// ``ContingencyTable`` has the formulas; its intervals take pairs as independent of one another.
package struct JudgeAgreement: Sendable, Equatable {
  /// The first judge.
  package let first: String
  /// The second judge.
  package let second: String
  /// How often each pair of verdicts occurred, rows by the first judge, in the order of
  /// `Verdict.allCases`; pairs are taken in candidate order.
  package private(set) var table = ContingencyTable(categories: Verdict.allCases.count)

  /// No common verdicts yet.
  package init(first: String, second: String) {
    self.first = first
    self.second = second
  }

  /// Counts the verdicts of both judges on one pair, in the same order of its candidates.
  package mutating func add(_ left: Verdict, _ right: Verdict) {
    table.add(left.category, right.category)
  }

  /// The counts of ``table``, [4, 4].
  package var counts: [Int] { table.counts }

  /// The number of common verdicts.
  package var total: Int { table.total }

  /// The share of equal verdicts in percent, over the four verdicts.
  package var raw: MeanValue { table.agreement.percentage }

  /// The share of equal verdicts in percent when both kinds of tie are one.
  package var rawThreeWay: MeanValue { threeWay.agreement.percentage }

  /// Cohen's kappa over the four verdicts; `nil` when chance alone agrees always.
  package var kappa: Double? { table.kappa().value }

  /// Cohen's kappa when both kinds of tie are one; `nil` when chance alone agrees always.
  package var kappaThreeWay: Double? { threeWay.kappa().value }

  /// The 95 % interval of ``kappa``; `nil` when there is no kappa.
  package var kappaInterval: ConfidenceInterval? { table.kappa().interval }

  /// The 95 % interval of ``kappaThreeWay``; `nil` when there is no kappa.
  package var kappaThreeWayInterval: ConfidenceInterval? { threeWay.kappa().interval }

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
        let start = row.category * 4
        return [.text(row.rawValue)]
          + Verdict.allCases.map { .integer(counts[start + $0.category]) }
          + [.integer(counts[start..<(start + 4)].reduce(0, +))]
      })
  }

  private var threeWay: ContingencyTable { table.merging(from: Verdict.sameGood.category) }
}

extension Verdict {
  /// Its place in `allCases`, in which both ties come last.
  package var category: Int {
    switch self {
    case .aIsBetter: 0
    case .bIsBetter: 1
    case .sameGood: 2
    case .sameBad: 3
    }
  }
}
