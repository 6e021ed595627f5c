internal import DatasetStore
internal import Evaluation
internal import Exporting
internal import Judging
internal import Records

/// The judges of a store whose verdicts are looked at.
struct Judges {
  private let judges: [(judge: Judge, weight: Double)]
  private let orders: OrderCombination?
  /// Rankers with verdicts, when nobody else has some and none was named.
  private let rankersLeftOut: [String]

  /// The judges with verdicts that a selection takes.
  ///
  /// Rankers count only where they are named, or given a weight: they are what judges are to check.
  ///
  /// - Throws: `SQLiteError`; ``StageError/invalid(_:)`` for a judge that there is not, or when no
  ///   judge is left.
  init(_ store: Store, _ selection: JudgeSelection = JudgeSelection()) throws {
    orders = selection.orders
    let all = try store.judges().filter { $0.verdicts + $0.unparsed > 0 }
    func known() -> String {
      all.isEmpty ? "none" : all.map { "'\($0.name)'" }.joined(separator: ", ")
    }
    for name in selection.names where !all.contains(where: { Self.same($0.name, name) }) {
      throw StageError.invalid(
        "there is no judge '\(name)' with verdicts: the store has \(known())")
    }
    for (subject, _) in selection.weights
    where JudgeKind(rawValue: subject) == nil
      && !all.contains(where: { Self.same($0.name, subject) })
    {
      let kinds = JudgeKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw StageError.invalid(
        "a weight for '\(subject)', expected a kind of judge (\(kinds)) or a judge with verdicts: "
          + "the store has \(known())")
    }
    judges = all.compactMap { judge in
      let given = selection.weights.last {
        Self.same($0.subject, judge.name) || $0.subject == judge.kind.rawValue
      }?.weight
      guard
        selection.names.isEmpty
          ? judge.kind != .ranker || given != nil
          : selection.names.contains(where: { Self.same(judge.name, $0) })
      else { return nil }
      let weight = given ?? 1
      return weight > 0 ? (judge, weight) : nil
    }
    rankersLeftOut = judges.isEmpty && selection.names.isEmpty ? all.map(\.name) : []
    if judges.isEmpty, all.contains(where: { $0.kind != .ranker }) || !selection.names.isEmpty {
      throw StageError.invalid("no judge is left: every weight is 0, the store has \(known())")
    }
  }

  private static func same(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  /// Their names.
  var names: [String] { judges.map(\.judge.name) }

  /// Whether some verdicts count more than others.
  var isWeighted: Bool { judges.contains { $0.weight != 1 } }

  /// Sentences for the notes of a report: who judged, and how orders combine.
  var notes: [String] {
    var notes: [String] = []
    if !judges.isEmpty {
      let list = judges.map { judge, weight in
        let count = judge.verdicts == 1 ? "1 verdict" : "\(judge.verdicts) verdicts"
        return "\(judge.name) (\(judge.kind.rawValue), \(count)"
          + (weight == 1 ? ")" : ", weight \(weight))")
      }
      notes.append("Verdicts of \(list.joined(separator: "; ")).")
    }
    if !rankersLeftOut.isEmpty {
      let names = rankersLeftOut.map { "'\($0)'" }.joined(separator: ", ")
      notes.append("Rankers count only where --judge names them: \(names).")
    }
    if let orders {
      notes.append("Presentation orders of a pair: \(orders.rawValue), \(orders.explanation).")
    }
    return notes
  }

  /// Those of the verdicts that count and could be understood, by model, and their weights.
  ///
  /// - Returns: the verdicts; their weights, `nil` when each counts 1.
  func pairVerdicts(
    _ verdicts: [StoredVerdict], of example: Example
  ) -> (verdicts: [PairVerdict], weights: [Double]?) {
    let entries = entries(verdicts)
    return (
      entries.map { Self.pair($0, of: example) },
      isWeighted ? entries.map { entry in weight(of: entry.judge) ?? 1 } : nil
    )
  }

  /// The verdicts with who gave them, for formats of verdicts.
  func attributedVerdicts(
    _ verdicts: [StoredVerdict], of example: Example
  ) -> [ExportInput.Judgement] {
    entries(verdicts).map { entry in
      let judge = judges.first { $0.judge.row == entry.judge }?.judge
      return ExportInput.Judgement(
        verdict: Self.pair(entry, of: example), judge: judge?.name ?? "",
        // What people's votes were combined to is nobody's own vote.
        isPerson: judge.map { $0.kind == .human && !$0.name.hasPrefix("people:") } ?? false)
    }
  }

  private func weight(of judge: Int64) -> Double? {
    judges.first { $0.judge.row == judge }?.weight
  }

  private func entries(_ verdicts: [StoredVerdict]) -> [OrderedVerdicts.Entry] {
    let entries = verdicts.compactMap { stored -> OrderedVerdicts.Entry? in
      guard let verdict = stored.verdict, weight(of: stored.judge) != nil else { return nil }
      return OrderedVerdicts.Entry(
        judge: stored.judge, a: stored.candidateA, b: stored.candidateB, verdict: verdict)
    }
    return orders.map { OrderedVerdicts.combined(entries, by: $0) } ?? entries
  }

  private static func pair(_ entry: OrderedVerdicts.Entry, of example: Example) -> PairVerdict {
    PairVerdict(
      modelA: example.candidates[entry.a].model, modelB: example.candidates[entry.b].model,
      verdict: entry.verdict)
  }

  /// All that was said, understood or not, for the quality of judges.
  func judgments(_ verdicts: [StoredVerdict], of example: Example) -> [Judgment] {
    verdicts.compactMap { stored in
      judges.first { $0.judge.row == stored.judge }.map {
        Judgment(
          judge: $0.judge.name, shownFirst: example.candidates[stored.candidateA].model,
          shownSecond: example.candidates[stored.candidateB].model, verdict: stored.verdict)
      }
    }
  }
}
