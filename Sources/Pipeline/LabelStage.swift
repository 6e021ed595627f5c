package import DatasetStore
internal import JSON
package import Records
internal import SQLite

/// Fills pairs that nobody judged with what a ranker's logits say, as verdicts of a judge of its own.
///
/// Groups of examples are stored in one transaction each; a run that was killed goes on, and ends with
/// what an undisturbed one would have.
package struct LabelStage {
  /// The ranker's name among the judges, or the beginning of it.
  package var ranker: String
  /// A mean logit within it is a tie.
  package var margin: Double
  /// Which kind of tie.
  package var tie = Verdict.sameGood
  /// Only this part of the dataset; `nil` for all.
  package var split: Split?

  private static let examplesPerGroup = 64

  /// Labels by a ranker.
  ///
  /// - Parameters:
  ///   - ranker: its name among the judges, or the beginning of it.
  ///   - margin: a mean logit within it is a tie.
  package init(ranker: String, margin: Double) {
    self.ranker = ranker
    self.margin = margin
  }

  /// The name of the judge that the labels are kept under.
  private func name(_ ranker: Judge) -> String {
    "derived:\(ranker.name), margin \(margin)" + (tie == .sameGood ? "" : ", ties \(tie.rawValue)")
  }

  /// Labels.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, ``StageError/invalid(_:)`` when there is no such ranker.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      let ranker = try JudgeLookup(store).ranker(ranker)
      let name = name(ranker)
      let judge = try store.judgeRow(
        name, kind: .derived,
        details: [
          "ranker": .string(ranker.name), "margin": .double(margin), "tie": .string(tie.rawValue),
          "rule": "the mean logit of both orders above the margin, otherwise a tie",
        ])
      // Rankers are no judges, and metrics know the answer only by its reference.
      let others = Set(
        try store.judges().filter { $0.kind != .ranker && $0.kind != .metric && $0.row != judge }
          .map(\.row))
      var summary = StageSummary()
      for count in ["examples", "pairs", "judged", "labelled before", "labelled", "ties"] {
        summary[count] = 0
      }
      let total = try store.connection.integer(
        "SELECT count(*) FROM examples WHERE ?1 IS NULL OR split = ?1", SQLiteValue(split?.rawValue)
      )
      var position: Int64 = -1
      do {
        while let group = try nextGroup(of: store, after: position) {
          try store.connection.transaction {
            for (stored, verdicts) in group.examples {
              try label(
                stored, verdicts, ranker: ranker.row, judge: judge, others: others, run: run,
                store, &summary)
            }
          }
          position = group.position
          context.report(.init(done: summary["examples"], total: total.map { Int($0) }))
          try context.stopIfCancelled("what was finished is kept")
        }
      } catch let error as StageError where error.isStop {
        summary.wasInterrupted = true
      }
      summary.notes.append("kept as verdicts of the judge '\(name)'")
      summary.details["judge"] = .string(name)
      summary.details["ranker"] = .string(ranker.name)
      summary.details["margin"] = .double(margin)
      return summary
    }
  }

  private func nextGroup(
    of store: Store, after position: Int64
  ) throws -> (examples: [(StoredExample, [StoredVerdict])], position: Int64)? {
    let reader = try ExampleReader(store, .init(split: split, after: position))
    var examples: [(StoredExample, [StoredVerdict])] = []
    while examples.count < Self.examplesPerGroup, let stored = try reader.next() {
      examples.append((stored, try reader.verdicts(of: stored)))
    }
    return examples.isEmpty ? nil : (examples, reader.position)
  }

  private func label(
    _ stored: StoredExample, _ verdicts: [StoredVerdict], ranker: Int64, judge: Int64,
    others: Set<Int64>, run: Int64, _ store: Store, _ summary: inout StageSummary
  ) throws {
    let count = stored.candidateRows.count
    summary["examples"] += 1
    summary["pairs"] += count * max(0, count - 1) / 2
    var judged: Set<[Int]> = []
    var labelled: Set<[Int]> = []
    for verdict in verdicts where verdict.verdict != nil {
      let pair = [verdict.candidateA, verdict.candidateB].sorted()
      if verdict.judge == judge { labelled.insert(pair) }
      if others.contains(verdict.judge) { judged.insert(pair) }
    }
    let opinions = PairOpinion.opinions(verdicts.filter { $0.judge == ranker })
    var missing = count * max(0, count - 1) / 2
    for pair in judged.union(labelled) {
      missing -= 1
      summary[labelled.contains(pair) ? "labelled before" : "judged"] += 1
    }
    for opinion in opinions where !judged.contains([opinion.a, opinion.b]) {
      guard !labelled.contains([opinion.a, opinion.b]), let logit = opinion.logit else { continue }
      // One order alone would let the ranker's preference for a place through.
      guard opinion.orders == 2 else {
        missing -= 1
        summary["compared in one order only"] += 1
        continue
      }
      let verdict = PairOpinion.verdict(logit, margin: margin, tie: tie)
      try store.add(
        NewVerdict(
          example: stored.row, candidateA: stored.candidateRows[opinion.a],
          candidateB: stored.candidateRows[opinion.b], verdict: verdict, logit: logit),
        judge: judge, run: run)
      missing -= 1
      summary["labelled"] += 1
      if verdict.isTie { summary["ties"] += 1 }
    }
    if missing > 0 { summary["not compared by the ranker"] += missing }
  }
}
