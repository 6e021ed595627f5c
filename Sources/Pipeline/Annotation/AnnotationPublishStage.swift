package import Annotation
package import DatasetStore
internal import JSON
internal import Records
internal import SQLite

/// Brings people's votes into the ledger of verdicts, where reports and exports find them.
///
/// Each person is a judge, and so is what people say together under a policy. What was published
/// before of the same queues is replaced: votes that were undone since are gone.
package struct AnnotationPublishStage {
  /// How several people's votes become one verdict.
  package var policy: PublishingPolicy
  /// Only this queue; `nil` for all.
  package var queue: String?

  /// A publication of all queues.
  package init(policy: PublishingPolicy) { self.policy = policy }

  /// Two answers, the smaller row first.
  private struct Pair: Hashable {
    let low: Int64
    let high: Int64
  }

  /// What is known of a pair.
  private struct Findings {
    let example: Int64
    /// On the pair with the smaller row first.
    var votes: [(person: Int64, verdict: Verdict, isShownInOrder: Bool)] = []
    var adjudication: Verdict?
    /// The order in which the pair is published.
    let isInOrder: Bool
  }

  /// Publishes.
  ///
  /// - Parameters:
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `SQLiteError`, `JSONError`, ``StageError``.
  package func run(on store: Store, _ context: StageContext) throws -> StageSummary {
    let connection = store.connection
    let queues =
      try queue.map { [try AnnotationDesk.queue(named: $0, connection)] }
      ?? QueueRow.all(connection, withClosed: true)
    guard !queues.isEmpty else {
      throw StageError.invalid("there is no queue yet: 'annotate queue make' makes one")
    }
    return try StageRun.record(in: store, context) { run in
      var summary = StageSummary()
      for name in ["pairs", "verdicts of people", "combined", "without a verdict"] {
        summary[name] = 0
      }
      try connection.transaction {
        let now = AnnotationTime.current()
        let people = try PersonRow.all(connection)
        var findings: [Pair: Findings] = [:]
        for queue in queues {
          try collect(
            VoteLedger(queue: queue.row, at: now, connection), into: &findings, connection)
        }
        var judges: [Int64: Int64] = [:]
        for person in people {
          judges[person.row] = try store.judgeRow("person:\(person.name)", kind: .human)
        }
        let combined = try store.judgeRow(
          "people:\(policy.rawValue)", kind: .human, details: ["policy": .string(policy.rawValue)])
        for judge in judges.values.sorted() + [combined] {
          for queue in queues { try remove(judge: judge, queue: queue.row, connection) }
        }
        let sorted = findings.sorted {
          ($0.key.low, $0.key.high) < ($1.key.low, $1.key.high)
        }
        for (pair, found) in sorted {
          summary["pairs"] += 1
          for vote in found.votes {
            guard let judge = judges[vote.person] else { continue }
            summary["verdicts of people"] += 1
            try add(
              vote.verdict, on: pair, of: found.example, inOrder: vote.isShownInOrder, judge: judge,
              run: run, store)
          }
          let verdict = policy.verdict(
            of: found.votes.map(\.verdict), adjudication: found.adjudication)
          guard let verdict else {
            summary["without a verdict"] += 1
            continue
          }
          summary["combined"] += 1
          try add(
            verdict, on: pair, of: found.example, inOrder: found.isInOrder, judge: combined,
            run: run, store)
        }
        try AuditTrail.add(
          "publication", person: nil, at: now,
          [
            "policy": .string(policy.rawValue),
            "queues": .array(queues.map { .string($0.name) }), "run_id": .integer(run),
            "pairs": .integer(Int64(summary["pairs"])),
            "combined": .integer(Int64(summary["combined"])),
          ], connection)
      }
      summary.notes.append(
        "the judge 'people:\(policy.rawValue)' says \(policy.explanation); each person is a judge "
          + "'person:NAME'")
      summary.details["judge"] = .string("people:\(policy.rawValue)")
      return summary
    }
  }

  private func collect(
    _ ledger: VoteLedger, into findings: inout [Pair: Findings], _ connection: Connection
  ) throws {
    for vote in ledger.votes where vote.isWanted {
      guard let answer = vote.answer, let task = try task(vote.task, connection) else { continue }
      for comparison in answer.comparisons
      where max(comparison.first, comparison.second) < task.candidates.count {
        let a = task.candidates[comparison.first]
        let b = task.candidates[comparison.second]
        let isInOrder = a < b
        let pair = Pair(low: min(a, b), high: max(a, b))
        // Ratings and orders are given on all answers at once and have no sides.
        let isExchanged = vote.shown != nil && vote.isExchanged
        findings[pair, default: Findings(example: task.example, isInOrder: isInOrder)].votes.append(
          (
            vote.person, isInOrder ? comparison.verdict : comparison.verdict.exchanged,
            isInOrder != isExchanged
          ))
      }
    }
    for (task, verdict) in ledger.adjudications.sorted(by: { $0.key < $1.key }) {
      guard let found = try self.task(task, connection), found.candidates.count == 2 else {
        continue
      }
      let (a, b) = (found.candidates[0], found.candidates[1])
      let pair = Pair(low: min(a, b), high: max(a, b))
      findings[pair, default: Findings(example: found.example, isInOrder: a < b)].adjudication =
        a < b ? verdict : verdict.exchanged
    }
  }

  private func task(
    _ row: Int64, _ connection: Connection
  ) throws -> (example: Int64, candidates: [Int64])? {
    let example = try connection.integer(
      "SELECT example_id FROM annotation_tasks WHERE task_id = ?", .integer(row))
    guard let example else { return nil }
    var candidates: [Int64] = []
    try connection.query(
      "SELECT candidate_id FROM annotation_task_candidates WHERE task_id = ? ORDER BY place",
      .integer(row)
    ) { candidates.append($0.int64(0)) }
    return (example, candidates)
  }

  private func remove(judge: Int64, queue: Int64, _ connection: Connection) throws {
    try connection.run(
      """
      DELETE FROM verdicts WHERE judge_id = ?1 AND example_id IN (
          SELECT example_id FROM annotation_tasks WHERE queue_id = ?2)
        AND candidate_a IN (SELECT candidate_id FROM annotation_tasks
          JOIN annotation_task_candidates USING (task_id) WHERE queue_id = ?2)
        AND candidate_b IN (SELECT candidate_id FROM annotation_tasks
          JOIN annotation_task_candidates USING (task_id) WHERE queue_id = ?2)
      """, .integer(judge), .integer(queue))
  }

  /// Stores a verdict that is on the pair with the smaller row first.
  private func add(
    _ verdict: Verdict, on pair: Pair, of example: Int64, inOrder: Bool, judge: Int64,
    run: Int64, _ store: Store
  ) throws {
    try store.add(
      NewVerdict(
        example: example, candidateA: inOrder ? pair.low : pair.high,
        candidateB: inOrder ? pair.high : pair.low,
        verdict: inOrder ? verdict : verdict.exchanged), judge: judge, run: run)
  }
}
