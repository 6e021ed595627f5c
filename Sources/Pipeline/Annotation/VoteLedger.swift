internal import Annotation
internal import JSON
internal import Records
internal import SQLite

/// The votes of a queue that stand, as the figures of the dashboard and of reports need them.
struct VoteLedger {
  /// A vote or a skip.
  struct Vote {
    let row: Int64
    let task: Int64
    let person: Int64
    let purpose: TaskPurpose
    /// The assignment that is repeated; `nil` for what was asked once.
    let repeats: Int64?
    let assignment: Int64
    /// What was said, in the task's own order; `nil` for a skip.
    let answer: TaskAnswer?
    /// What was said of a pair, as shown.
    let shown: Verdict?
    /// Whether a pair was shown with its sides exchanged.
    let isExchanged: Bool
    let isCorrect: Bool?
    let milliseconds: Int
    let createdAt: AnnotationTime

    /// Whether it is one of those that are wanted: no gold item, no repeat, no skip.
    var isWanted: Bool { purpose == .normal && repeats == nil && answer != nil }
  }

  /// The queue's row; `nil` for all queues.
  let queue: Int64?
  /// The votes and skips in the order they came.
  let votes: [Vote]
  /// Decisions by task.
  let adjudications: [Int64: Verdict]
  /// The last row of the ledger when it was read.
  let lastRow: Int64
  /// When it was read.
  let readAt: AnnotationTime

  /// Reads the ledger.
  ///
  /// - Parameters:
  ///   - queue: the queue's row; `nil` for all queues.
  ///   - now: the time.
  ///   - connection: where.
  /// - Throws: `SQLiteError`, `JSONError`.
  init(queue: Int64?, at now: AnnotationTime, _ connection: Connection) throws {
    self.queue = queue
    readAt = now
    lastRow = try connection.integer("SELECT max(vote_id) FROM annotation_votes") ?? 0
    var votes: [Vote] = []
    var adjudications: [Int64: Verdict] = [:]
    try connection.query(
      """
      SELECT v.vote_id, v.task_id, v.person_id, t.purpose, a.repeats, a.assignment_id, v.verdict,
        v.ratings, v.ranking, v.outcome, v.is_correct, v.milliseconds, v.created_at, a.sides, v.kind
      FROM annotation_votes v JOIN annotation_tasks t USING (task_id)
        LEFT JOIN annotation_assignments a USING (assignment_id)
      WHERE (?1 IS NULL OR t.queue_id = ?1) AND v.kind <> 'undo' AND NOT EXISTS (
        SELECT 1 FROM annotation_votes later WHERE later.supersedes = v.vote_id)
      ORDER BY v.vote_id
      """, SQLiteValue(queue)
    ) { row in
      let outcome = row.optionalText(9).flatMap(Verdict.init(rawValue:))
      if row.text(14) == "adjudication" {
        adjudications[row.int64(1)] = outcome
        return
      }
      var answer = outcome.map { TaskAnswer.verdict($0) }
      if answer == nil, row.text(14) == "vote", let shown = ShownOrder(json: row.text(13)),
        let said = VoteSubmission.Answer(
          verdict: nil, ratings: row.optionalText(7), order: row.optionalText(8), skipReason: nil)
      {
        answer = TaskAnswer(said, shown: shown)
      }
      votes.append(
        Vote(
          row: row.int64(0), task: row.int64(1), person: row.int64(2),
          purpose: TaskPurpose(rawValue: row.text(3)) ?? .normal, repeats: row.optionalInt64(4),
          assignment: row.int64(5), answer: answer,
          shown: row.optionalText(6).flatMap(Verdict.init(rawValue:)),
          isExchanged: row.text(13) == "[1,0]",
          isCorrect: row.optionalInt(10).map { $0 == 1 }, milliseconds: row.int(11),
          createdAt: AnnotationTime(row.text(12)) ?? now))
    }
    self.votes = votes
    self.adjudications = adjudications
  }

  /// The verdicts of people on each pair, by task, in the order they came.
  var verdictsByTask: [Int64: [Verdict]] {
    var verdicts: [Int64: [Verdict]] = [:]
    for vote in votes where vote.isWanted {
      guard case .verdict(let verdict) = vote.answer else { continue }
      verdicts[vote.task, default: []].append(verdict)
    }
    return verdicts
  }

  /// The tasks whose verdicts differ, those that nobody decided first, otherwise by their rows.
  var conflicts: [(task: Int64, isDecided: Bool)] {
    let tasks = verdictsByTask.filter { entry in
      entry.value.contains { $0 != entry.value[0] }
    }
    return tasks.keys.map { (task: $0, isDecided: adjudications[$0] != nil) }
      .sorted { ($0.isDecided ? 1 : 0, $0.task) < ($1.isDecided ? 1 : 0, $1.task) }
  }
}
