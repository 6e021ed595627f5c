package import Annotation
internal import JSON
internal import Records
internal import SQLite
internal import Synchronization

extension AnnotationStore {
  /// Adds a person.
  package func addPerson(administrator: Int64, _ person: NewPerson) throws -> PersonLink {
    try people(administrator) { try $0.add(person) }
  }

  /// Takes a person's link back.
  package func revoke(administrator: Int64, person: Int64) throws {
    guard person != administrator else {
      throw AnnotationError.invalid(field: "person_id", expected: "somebody else than yourself")
    }
    try people(administrator) { try $0.revoke(person) }
  }

  /// Makes a new link for a person.
  package func replaceLink(administrator: Int64, person: Int64) throws -> PersonLink {
    try people(administrator) { try $0.replaceLink(of: person) }
  }

  private func people<Result: Sendable>(
    _ administrator: Int64, _ body: @escaping @Sendable (PeopleLedger) throws -> Result
  ) throws -> Result {
    let now = clock()
    return try writer.perform { desk in
      _ = try PersonRow.administrator(administrator, at: now, desk.connection)
      return try body(
        PeopleLedger(connection: desk.connection, now: now, actor: administrator))
    }
  }

  /// Stores a decision on a task.
  package func adjudicate(administrator: Int64, _ adjudication: Adjudication) throws -> Int64 {
    let now = clock()
    let row = try writer.perform { desk in
      try VoteTaker(giver: TaskGiver(desk: desk, now: now)).adjudicate(
        person: administrator, adjudication)
    }
    // Who decides wants to see it at once.
    ledgers.withLock { $0 = [:] }
    return row
  }

  /// Opens, pauses or closes a queue.
  package func setState(administrator: Int64, queue: Int64, _ state: QueueState) throws {
    let now = clock()
    try writer.perform { desk in
      _ = try PersonRow.administrator(administrator, at: now, desk.connection)
      try QueueLedger(connection: desk.connection, now: now, actor: administrator).setState(
        of: try QueueRow.find(queue, desk.connection), to: state)
    }
  }

  /// The audit trail, the latest entry first.
  package func auditEvents(
    administrator: Int64, before: Int64?, limit: Int
  ) throws -> [AuditEvent] {
    try read(administrator: administrator) { connection in
      try AuditTrail.entries(before: before, limit: limit, connection)
    }
  }

  /// The tasks on which people differ.
  package func conflicts(
    administrator: Int64, queue: Int64?, offset: Int, limit: Int
  ) throws -> ConflictPage {
    let ledger = try read(administrator: administrator) { connection in
      if let queue { _ = try QueueRow.find(queue, connection) }
      return try self.ledger(queue, connection)
    }
    let all = ledger.conflicts
    let page = all.dropFirst(max(0, offset)).prefix(max(0, min(limit, 500)))
    return try read { connection in
      ConflictPage(
        total: all.count,
        conflicts: try page.map { try Self.conflict($0.task, connection) })
    }
  }

  private static func conflict(
    _ task: Int64, _ connection: Connection
  ) throws -> ConflictPage.Conflict {
    let prompt = try connection.first(
      """
      SELECT e.instruction, e.input FROM annotation_tasks JOIN examples e USING (example_id)
      WHERE task_id = ?
      """, .integer(task)
    ) { (instruction: $0.text(0), input: $0.text(1)) }
    guard let prompt else { throw AnnotationError.unknown(.task, task) }
    var answers: [ConflictPage.Answer] = []
    try connection.query(
      """
      SELECT c.text, c.model FROM annotation_task_candidates JOIN candidates c USING (candidate_id)
      WHERE task_id = ? ORDER BY place
      """, .integer(task)
    ) { row in
      answers.append(
        ConflictPage.Answer(
          label: AnnotationTask.label(answers.count), text: row.text(0), model: row.text(1)))
    }
    var votes: [ConflictPage.Vote] = []
    var adjudication: ConflictPage.Vote?
    try connection.query(
      """
      SELECT p.name, v.outcome, v.note, v.created_at, v.kind
      FROM annotation_votes v JOIN annotators p USING (person_id)
        LEFT JOIN annotation_assignments a USING (assignment_id)
      WHERE v.task_id = ? AND v.kind IN ('vote', 'adjudication') AND a.repeats IS NULL
        AND NOT EXISTS (SELECT 1 FROM annotation_votes later WHERE later.supersedes = v.vote_id)
      ORDER BY v.vote_id
      """, .integer(task)
    ) { row in
      guard let verdict = Verdict(rawValue: row.text(1)), let time = AnnotationTime(row.text(3))
      else { return }
      let vote = ConflictPage.Vote(
        person: row.text(0), verdict: verdict, note: row.optionalText(2), createdAt: time)
      if row.text(4) == "adjudication" { adjudication = vote } else { votes.append(vote) }
    }
    return ConflictPage.Conflict(
      taskID: task, instruction: prompt.instruction, input: prompt.input, answers: answers,
      votes: votes, adjudication: adjudication)
  }
}
