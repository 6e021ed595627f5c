internal import Annotation
internal import JSON
internal import Records
internal import SQLite

/// Takes votes and gives them back; works inside the writer's transaction.
struct VoteTaker {
  let giver: TaskGiver

  private var connection: Connection { giver.desk.connection }
  private var now: AnnotationTime { giver.now }

  // MARK: - Votes

  /// Stores a vote, once.
  ///
  /// - Parameters:
  ///   - person: who votes.
  ///   - submission: the vote.
  /// - Returns: the receipt.
  /// - Throws: `SQLiteError`, ``AnnotationError``.
  func vote(person: Int64, _ submission: VoteSubmission) throws -> VoteReceipt {
    _ = try PersonRow.active(person, at: now, connection)
    if let known = try known(person: person, submission.clientKey) {
      guard known.assignment == submission.assignmentID, ["vote", "skip"].contains(known.kind)
      else { throw AnnotationError.keyReused }
      return try receipt(of: known, person: person)
    }
    guard
      let assignment = try AssignmentRow.find(submission.assignmentID, person: person, connection)
    else { throw AnnotationError.unknown(.assignment, submission.assignmentID) }
    guard assignment.state != "voted", assignment.state != "skipped" else {
      throw AnnotationError.alreadyVoted
    }
    let queue = try QueueRow.find(assignment.queue, connection)
    try submission.check(
      kind: queue.kind, labels: assignment.shown.labels, criteria: queue.criteria.map(\.name))
    try giver.takeAgain(assignment, queue)
    let given = TaskAnswer(submission.answer, shown: assignment.shown)
    // A skip of an item whose answer is known proves nothing; of a qualification item it is wrong, or
    // people would skip what they do not know.
    let isCorrect = assignment.expected.flatMap { expected in
      given.map { expected.accepts($0) } ?? (assignment.purpose == .qualification ? false : nil)
    }
    let vote = try insert(
      submission, assignment, person: person, given: given, isCorrect: isCorrect)
    let progress = try count(assignment, isSkip: given == nil, isCorrect: isCorrect, by: 1)
    try giver.setState(given == nil ? "skipped" : "voted", of: assignment)
    // A task that one person skips is for another one.
    if given == nil, assignment.takesSlot {
      try giver.changeSlots(of: assignment.task, assignment.queue, by: 1)
    }
    var details: JSONObject = [
      "vote_id": .integer(vote), "assignment_id": .integer(assignment.row),
      "task_id": .integer(assignment.task),
    ]
    if case .skip(let reason) = submission.answer { details["reason"] = .string(reason.rawValue) }
    try AuditTrail.add(given == nil ? "skip" : "vote", person: person, at: now, details, connection)
    return VoteReceipt(
      voteID: vote, isRepeated: false, done: progress.votes,
      feedback: feedback(on: assignment, queue, isCorrect: isCorrect))
  }

  private struct Known {
    let row: Int64
    let kind: String
    let assignment: Int64?
    let isCorrect: Bool?
  }

  /// What a person stored under a key; `nil` when nothing was.
  private func known(person: Int64, _ clientKey: String) throws -> Known? {
    try connection.first(
      """
      SELECT vote_id, kind, assignment_id, is_correct FROM annotation_votes
      WHERE person_id = ? AND client_key = ?
      """, .integer(person), .text(clientKey)
    ) {
      Known(
        row: $0.int64(0), kind: $0.text(1), assignment: $0.optionalInt64(2),
        isCorrect: $0.optionalInt(3).map { $0 == 1 })
    }
  }

  private func receipt(of known: Known, person: Int64) throws -> VoteReceipt {
    guard let row = known.assignment,
      let assignment = try AssignmentRow.find(row, person: person, connection)
    else { throw AnnotationError.keyReused }
    let queue = try QueueRow.find(assignment.queue, connection)
    let progress = try ProgressRow.find(person: person, queue: queue.row, connection)
    return VoteReceipt(
      voteID: known.row, isRepeated: true, done: progress.votes,
      feedback: feedback(on: assignment, queue, isCorrect: known.isCorrect))
  }

  private func feedback(
    on assignment: AssignmentRow, _ queue: QueueRow, isCorrect: Bool?
  ) -> VoteReceipt.Feedback? {
    guard assignment.purpose == .qualification, let expected = assignment.expected,
      let isCorrect, queue.options.qualification?.givesFeedback ?? false
    else { return nil }
    return VoteReceipt.Feedback(
      isCorrect: isCorrect, expected: expected.words(shown: assignment.shown),
      explanation: assignment.explanation)
  }

  private func insert(
    _ submission: VoteSubmission, _ assignment: AssignmentRow, person: Int64,
    given: TaskAnswer?, isCorrect: Bool?
  ) throws -> Int64 {
    let last = try connection.integer(
      "SELECT max(vote_id) FROM annotation_votes WHERE assignment_id = ?",
      .integer(assignment.row))
    var verdict: Verdict?
    if case .verdict(let said) = submission.answer { verdict = said }
    var reason: SkipReason?
    if case .skip(let said) = submission.answer { reason = said }
    var outcome: Verdict?
    if case .verdict(let said) = given { outcome = said }
    let statement = try connection.prepare(
      """
      INSERT INTO annotation_votes (kind, task_id, assignment_id, person_id, client_key, verdict,
        outcome, ratings, ranking, skip_reason, is_correct, note, milliseconds, created_at,
        supersedes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind(1, given == nil ? "skip" : "vote")
    try statement.bind(2, assignment.task)
    try statement.bind(3, assignment.row)
    try statement.bind(4, person)
    try statement.bind(5, submission.clientKey)
    try statement.bind(6, verdict?.rawValue)
    try statement.bind(7, outcome?.rawValue)
    try statement.bind(8, submission.answer.storedRatings)
    try statement.bind(9, submission.answer.storedOrder)
    try statement.bind(10, reason?.rawValue)
    try statement.bind(11, isCorrect.map { $0 ? 1 : 0 })
    try statement.bind(12, submission.note)
    try statement.bind(13, submission.milliseconds)
    try statement.bind(14, now.iso8601)
    try statement.bind(15, last)
    try statement.execute()
    return connection.lastInsertedRowID
  }

  /// Counts a vote or a skip that comes (1) or goes (-1); the lease goes or comes.
  private func count(
    _ assignment: AssignmentRow, isSkip: Bool, isCorrect: Bool?, by change: Int
  ) throws -> ProgressRow {
    var progress = try ProgressRow.find(
      person: assignment.person, queue: assignment.queue, connection)
    if assignment.purpose == .qualification {
      progress.qualificationDone += change
      if isCorrect == true { progress.qualificationCorrect += change }
    } else {
      progress.leased -= change
      if isSkip {
        progress.skips += change
      } else {
        progress.votes += change
        if assignment.takesSlot { progress.normal += change }
      }
    }
    try progress.save(person: assignment.person, queue: assignment.queue, connection)
    return progress
  }

  // MARK: - Undo

  private struct Standing {
    let vote: Int64
    let isSkip: Bool
    let assignment: Int64
    let isCorrect: Bool?
  }

  /// Gives a person's last vote back, to vote again.
  ///
  /// - Parameters:
  ///   - person: who asks.
  ///   - clientKey: the key of the request; what is sent twice is done once.
  /// - Returns: the assignment's row.
  /// - Throws: `SQLiteError`, ``AnnotationError``.
  func undo(person: Int64, clientKey: String) throws -> Int64 {
    _ = try PersonRow.active(person, at: now, connection)
    try VoteSubmission.check(clientKey: clientKey, note: nil)
    if let known = try known(person: person, clientKey) {
      guard known.kind == "undo", let row = known.assignment,
        try AssignmentRow.find(row, person: person, connection)?.state == "leased"
      else { throw AnnotationError.keyReused }
      return row
    }
    guard let last = try lastStanding(of: person),
      let assignment = try AssignmentRow.find(last.assignment, person: person, connection)
    else { throw AnnotationError.nothingToUndo("You have no vote that could be undone.") }
    let queue = try QueueRow.find(assignment.queue, connection)
    if feedback(on: assignment, queue, isCorrect: last.isCorrect) != nil {
      throw AnnotationError.nothingToUndo(
        "Your last vote was answered with what was expected: it stands.")
    }
    // A skip gave the task to others.
    if last.isSkip, assignment.takesSlot {
      guard try giver.hasSlot(assignment.task) else {
        throw AnnotationError.nothingToUndo("The task you skipped went to somebody else.")
      }
      try giver.changeSlots(of: assignment.task, assignment.queue, by: -1)
    }
    try connection.run(
      """
      INSERT INTO annotation_votes (kind, task_id, assignment_id, person_id, client_key,
        milliseconds, created_at, supersedes) VALUES ('undo', ?, ?, ?, ?, 0, ?, ?)
      """, .integer(assignment.task), .integer(assignment.row), .integer(person),
      .text(clientKey), .text(now.iso8601), .integer(last.vote))
    _ = try count(assignment, isSkip: last.isSkip, isCorrect: last.isCorrect, by: -1)
    try giver.setState("leased", of: assignment)
    try giver.extendLease(of: assignment, queue)
    try AuditTrail.add(
      "undo", person: person, at: now,
      [
        "vote_id": .integer(last.vote), "assignment_id": .integer(assignment.row),
        "task_id": .integer(assignment.task),
      ], connection)
    return assignment.row
  }

  private func lastStanding(of person: Int64) throws -> Standing? {
    try connection.first(
      """
      SELECT v.vote_id, v.kind, v.assignment_id, v.is_correct FROM annotation_votes v
      WHERE v.person_id = ? AND v.kind IN ('vote', 'skip') AND NOT EXISTS (
        SELECT 1 FROM annotation_votes later WHERE later.supersedes = v.vote_id)
      ORDER BY v.vote_id DESC LIMIT 1
      """, .integer(person)
    ) {
      Standing(
        vote: $0.int64(0), isSkip: $0.text(1) == "skip", assignment: $0.int64(2),
        isCorrect: $0.optionalInt(3).map { $0 == 1 })
    }
  }

  // MARK: - Adjudication

  /// Stores an administrator's decision on a task; a later one supersedes it.
  ///
  /// - Parameters:
  ///   - person: the administrator.
  ///   - adjudication: the decision.
  /// - Returns: the vote's row.
  /// - Throws: `SQLiteError`, ``AnnotationError``.
  func adjudicate(person: Int64, _ adjudication: Adjudication) throws -> Int64 {
    _ = try PersonRow.administrator(person, at: now, connection)
    try VoteSubmission.check(clientKey: adjudication.clientKey, note: adjudication.note)
    let task = adjudication.taskID
    let stored = try connection.first(
      """
      SELECT vote_id, kind, task_id, verdict, note FROM annotation_votes
      WHERE person_id = ? AND client_key = ?
      """, .integer(person), .text(adjudication.clientKey)
    ) { ($0.int64(0), $0.text(1), $0.int64(2), $0.text(3)) }
    if let (vote, kind, storedTask, verdict) = stored {
      guard kind == "adjudication", storedTask == task, verdict == adjudication.verdict.rawValue
      else { throw AnnotationError.keyReused }
      return vote
    }
    let found = try connection.first(
      """
      SELECT q.kind, t.purpose FROM annotation_tasks t JOIN annotation_queues q USING (queue_id)
      WHERE t.task_id = ?
      """, .integer(task)
    ) { ($0.text(0), $0.text(1)) }
    guard let (kind, purpose) = found else { throw AnnotationError.unknown(.task, task) }
    guard kind == QueueKind.pair.rawValue, purpose == TaskPurpose.normal.rawValue else {
      throw AnnotationError.invalid(
        field: "task_id", expected: "a pair of answers whose verdict is not known before")
    }
    let last = try connection.integer(
      "SELECT max(vote_id) FROM annotation_votes WHERE task_id = ? AND kind = 'adjudication'",
      .integer(task))
    try connection.run(
      """
      INSERT INTO annotation_votes (kind, task_id, person_id, client_key, verdict, outcome, note,
        milliseconds, created_at, supersedes)
      VALUES ('adjudication', ?1, ?2, ?3, ?4, ?4, ?5, 0, ?6, ?7)
      """, .integer(task), .integer(person), .text(adjudication.clientKey),
      .text(adjudication.verdict.rawValue), SQLiteValue(adjudication.note), .text(now.iso8601),
      SQLiteValue(last))
    let vote = connection.lastInsertedRowID
    try AuditTrail.add(
      "adjudication", person: person, at: now,
      [
        "vote_id": .integer(vote), "task_id": .integer(task),
        "verdict": .string(adjudication.verdict.rawValue),
        "supersedes": last.map { .integer($0) } ?? .null,
      ], connection)
    return vote
  }
}
