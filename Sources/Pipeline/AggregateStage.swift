package import DatasetStore
package import Evaluation
internal import JSON
internal import Records
internal import SQLite

/// Turns the verdicts on each example into scores and ranks of its candidates, kept in the store.
package struct AggregateStage {
  /// How verdicts become ranks.
  package var policy = AggregationPolicy.maxLogits
  /// What ties are worth.
  package var ties = TiePolicy.reference
  /// Whose verdicts count; `nil` takes those of all judges.
  package var judge: String?

  /// An aggregation with the usual options.
  package init() {}

  /// The name that the ranking is kept under.
  package var name: String { "\(policy.rawValue):\(judge ?? "all judges")" }

  /// Aggregates.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      let judges = try Judges(store, only: judge)
      let reader = try ExampleReader(store)
      var summary = StageSummary()
      for name in ["examples", "ranked", "not judged"] { summary[name] = 0 }
      try store.connection.transaction {
        let ranking = try store.replaceRanking(
          name,
          details: [
            "policy": .string(policy.rawValue), "ties": .string(ties.rawValue),
            "judges": .array(judges.names.map { .string($0) }),
          ], run: run)
        while let stored = try reader.next() {
          summary["examples"] += 1
          if summary["examples"] % 256 == 0 {
            context.report(.init(done: summary["examples"]))
            try context.stopIfCancelled("the ranks are as they were")
          }
          let verdicts = judges.pairVerdicts(try reader.verdicts(of: stored), of: stored.example)
          guard !verdicts.isEmpty else {
            summary["not judged"] += 1
            continue
          }
          let result = policy.aggregate(
            models: stored.example.candidates.map(\.model), verdicts: verdicts, ties: ties)
          for (place, row) in stored.candidateRows.enumerated() {
            try store.addRank(
              result.ranks[place], score: result.scores[place], candidate: row, ranking: ranking)
          }
          summary["ranked"] += 1
        }
      }
      summary.notes.append("kept as the ranking '\(name)'; ties: \(ties.rawValue)")
      return summary
    }
  }
}
