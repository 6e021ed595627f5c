package import DatasetStore
package import Evaluation
internal import JSON
internal import Judging
package import Records
internal import SQLite

/// Turns the verdicts on each example into scores and ranks of its candidates, kept in the store.
package struct AggregateStage {
  /// How verdicts become ranks.
  package var policy = AggregationPolicy.maxLogits
  /// What ties are worth.
  package var ties = TiePolicy.reference
  /// Whose verdicts count.
  package var selection = JudgeSelection()
  /// The name that the ranking is kept under; `nil` makes one of the policy and the judges.
  package var name: String?

  /// An aggregation with the usual options.
  package init() {}

  /// Aggregates the verdicts of a record that is in no store.
  ///
  /// - Parameter example: the record.
  /// - Returns: scores and ranks in candidate order.
  package func aggregate(_ example: Example) -> AggregationPolicy.Result {
    let models = example.candidates.map(\.model)
    var verdicts = example.verdicts
    if let orders = selection.orders {
      let entries = verdicts.compactMap { verdict -> OrderedVerdicts.Entry? in
        guard let a = models.firstIndex(where: { $0.utf8.elementsEqual(verdict.modelA.utf8) }),
          let b = models.firstIndex(where: { $0.utf8.elementsEqual(verdict.modelB.utf8) })
        else { return nil }
        return OrderedVerdicts.Entry(judge: 0, a: a, b: b, verdict: verdict.verdict)
      }
      verdicts = OrderedVerdicts.combined(entries, by: orders).map {
        PairVerdict(modelA: models[$0.a], modelB: models[$0.b], verdict: $0.verdict)
      }
    }
    return policy.aggregate(models: models, verdicts: verdicts, ties: ties)
  }

  /// Aggregates.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      let judges = try Judges(store, selection)
      let name = name ?? "\(policy.rawValue):\(selection.label)"
      let reader = try ExampleReader(store)
      var summary = StageSummary()
      for name in ["examples", "ranked", "not judged"] { summary[name] = 0 }
      try store.connection.transaction {
        var details: JSONObject = [
          "policy": .string(policy.rawValue), "ties": .string(ties.rawValue),
          "judges": .array(judges.names.map { .string($0) }),
        ]
        for member in selection.json.members { details[member.key] = member.value }
        let ranking = try store.replaceRanking(name, details: details, run: run)
        while let stored = try reader.next() {
          summary["examples"] += 1
          if summary["examples"] % 256 == 0 {
            context.report(.init(done: summary["examples"]))
            try context.stopIfCancelled("the ranks are as they were")
          }
          let (verdicts, weights) = judges.pairVerdicts(
            try reader.verdicts(of: stored), of: stored.example)
          guard !verdicts.isEmpty else {
            summary["not judged"] += 1
            continue
          }
          let result = policy.aggregate(
            models: stored.example.candidates.map(\.model), verdicts: verdicts, weights: weights,
            ties: ties)
          for (place, row) in stored.candidateRows.enumerated() {
            try store.addRank(
              result.ranks[place], score: result.scores[place], candidate: row, ranking: ranking)
          }
          summary["ranked"] += 1
        }
      }
      summary.notes.append("kept as the ranking '\(name)'; ties: \(ties.rawValue)")
      summary.notes += judges.notes
      summary.details["ranking"] = .string(name)
      return summary
    }
  }
}
