internal import Annotation
internal import Evaluation
internal import Records

/// How much the people of a queue agree.
///
/// Of pairs the four verdicts are compared; of ratings each criterion of each answer, with squared
/// distances; of orders what they say of each two answers.
struct PeopleAgreement {
  private let kind: QueueKind
  private let table: RatingTable

  /// Items within a task; more answers or criteria than this do not fit a screen.
  private static let span: Int64 = 4096

  /// Collects the votes of a ledger that are of one kind.
  init(_ ledger: VoteLedger, kind: QueueKind) {
    self.kind = kind
    var table = RatingTable(categories: kind == .pair ? 4 : kind == .rating ? 5 : 3)
    for vote in ledger.votes where vote.isWanted {
      switch (kind, vote.answer) {
      case (.pair, .verdict(let verdict)):
        table.add(item: vote.task, rater: vote.person, verdict: verdict)
      case (.rating, .ratings(let ratings)):
        var item = vote.task * Self.span
        for values in ratings {
          for (_, value) in values.sorted(by: { $0.key < $1.key }) {
            table.add(item: item, rater: vote.person, category: min(4, max(0, value - 1)))
            item += 1
          }
        }
      case (.ranking, .order):
        var item = vote.task * Self.span
        for comparison in vote.answer?.comparisons ?? [] {
          let category = comparison.verdict == .aIsBetter ? 0 : comparison.verdict.isTie ? 2 : 1
          table.add(item: item, rater: vote.person, category: category)
          item += 1
        }
      default: continue
      }
    }
    self.table = table
  }

  /// The statistics.
  ///
  /// - Parameter names: people's names by row.
  /// - Returns: the figures.
  func figures(names: [Int64: String]) -> AgreementFigures {
    let weights: AgreementWeights = kind == .rating ? .quadratic : .identity
    let level: MeasurementLevel = kind == .rating ? .ordinal : .nominal
    let estimates: [(String, AgreementEstimate)] = [
      ("raw", table.raw), ("cohen_kappa", table.cohenKappa(weights)),
      ("fleiss_kappa", table.fleissKappa(weights)),
      ("krippendorff_alpha", table.krippendorffAlpha(level)),
      ("gwet_ac2", table.gwetAC2(weights)),
    ]
    return AgreementFigures(
      items: table.comparedItems, raters: table.raters,
      statistics: estimates.map { name, estimate in
        AgreementFigures.Statistic(
          name: name, value: estimate.value, low: estimate.low, high: estimate.high)
      },
      pairs: table.pairs.map { pair in
        AgreementFigures.Pair(
          first: names[pair.first] ?? "", second: names[pair.second] ?? "",
          items: pair.table.total, raw: pair.table.agreement.share,
          kappa: pair.table.kappa(weights).value)
      })
  }
}
