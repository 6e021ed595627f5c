internal import Annotation
internal import SQLite

/// Gives tasks to people and takes them back; works inside the writer's transaction.
struct TaskGiver {
  /// What came of asking for a task.
  enum Outcome: Sendable {
    /// The assignment's row.
    case given(Int64)
    case none(NextTask.Reason)
  }

  /// So many tasks of a queue a person can have before them.
  static let maximumHeld = 4
  /// So many draws for a task to repeat; most succeed at once.
  private static let repetitionDraws = 8

  let desk: AnnotationWriter.Desk
  let now: AnnotationTime

  private var connection: Connection { desk.connection }

  /// The next task of a person.
  ///
  /// - Parameters:
  ///   - person: who asks.
  ///   - queue: the queue's row; `nil` for any.
  ///   - exclude: assignments that the person's page knows of.
  /// - Returns: the assignment, or why there is none.
  /// - Throws: `SQLiteError`, ``AnnotationError``.
  func next(person: Int64, queue: Int64?, exclude: [Int64]) throws -> Outcome {
    let who = try PersonRow.active(person, at: now, connection)
    try returnOverdue()
    let queues =
      try queue.map { [try QueueRow.find($0, connection)] }
      ?? QueueRow.all(connection, withClosed: false)
    var reasons: [NextTask.Reason] = []
    for queue in queues {
      switch try next(who, queue, exclude: exclude) {
      case .given(let row): return .given(row)
      case .none(let reason): reasons.append(reason)
      }
    }
    // What may change soonest is told.
    let byHope: [NextTask.Reason] = [.waiting, .paused, .quotaReached, .notQualified, .finished]
    return .none(byHope.first { reasons.contains($0) } ?? .finished)
  }

  private func next(
    _ person: PersonRow, _ queue: QueueRow, exclude: [Int64]
  ) throws -> Outcome {
    guard queue.state == .open else { return .none(.paused) }
    let held = try AssignmentRow.held(person: person.row, queue: queue.row, connection)
    if let again = held.first(where: { !exclude.contains($0.row) }) {
      try extendLease(of: again, queue)
      return .given(again.row)
    }
    guard held.count < Self.maximumHeld else { return .none(.waiting) }
    let progress = try ProgressRow.find(person: person.row, queue: queue.row, connection)
    if let round = queue.options.qualification {
      if progress.qualificationDone < round.items {
        let open = held.count { $0.purpose == .qualification }
        guard progress.qualificationDone + open < round.items,
          let task = try known(.qualification, person.row, queue.row, after: -.infinity)
        else { return .none(.waiting) }
        return .given(try issue(task, .qualification, to: person.row, queue, progress))
      }
      guard round.isPassed(correct: progress.qualificationCorrect) else {
        return .none(.notQualified)
      }
    }
    if let quota = queue.options.quota, progress.votes + progress.leased >= quota {
      return .none(.quotaReached)
    }
    if let quota = person.quota, try ProgressRow.total(person: person.row, connection) >= quota {
      return .none(.quotaReached)
    }
    switch TaskMix.draw(queue.options, using: &desk.generator) {
    case .gold:
      let start = Double.random(in: 0..<1, using: &desk.generator)
      let task =
        try known(.gold, person.row, queue.row, after: start)
        ?? known(.gold, person.row, queue.row, after: -.infinity)
      if let task { return .given(try issue(task, .gold, to: person.row, queue, progress)) }
    case .repetition:
      if let (assignment, task) = try repetition(person.row, queue, progress) {
        return .given(
          try issue(task, .normal, repeating: assignment, to: person.row, queue, progress))
      }
    case .normal: break
    }
    if let task = try normal(person.row, queue) {
      return .given(try issue(task, .normal, to: person.row, queue, progress))
    }
    return .none(try isWaiting(person.row, queue.row) ? .waiting : .finished)
  }

  // MARK: - Choosing

  /// The part of a query that leaves out tasks which the person has, or had.
  private static let notHad = """
    NOT EXISTS (SELECT 1 FROM annotation_assignments own WHERE own.task_id = t.task_id
      AND own.person_id = ?2 AND own.repeats IS NULL AND own.state <> 'expired')
    """

  /// A task whose answer is wanted and that fewer people have than should.
  private func normal(_ person: Int64, _ queue: QueueRow) throws -> Int64? {
    desk.cursors.follow(queue: queue.row, revision: queue.revision)
    while let task = desk.cursors.nextReturned(person: person, queue: queue.row) {
      let found = try connection.integer(
        "SELECT 1 FROM annotation_tasks t WHERE task_id = ?1 AND open_slots > 0 AND "
          + Self.notHad, .integer(task), .integer(person))
      if found != nil { return task }
    }
    let position = desk.cursors.position(person: person, queue: queue.row)
    let next = try connection.first(
      """
      SELECT task_id, priority FROM annotation_tasks t
      WHERE queue_id = ?1 AND purpose = 'normal' AND open_slots > 0
        AND (priority, task_id) > (?3, ?4) AND \(Self.notHad)
      ORDER BY priority, task_id LIMIT 1
      """, .integer(queue.row), .integer(person), .real(position.priority),
      .integer(position.task)
    ) { TaskCursors.Position(priority: $0.double(1), task: $0.int64(0)) }
    desk.cursors.advance(
      person: person, queue: queue.row,
      to: next ?? TaskCursors.Position(priority: .infinity, task: .max))
    return next?.task
  }

  /// An item whose answer is known and that the person has not had.
  private func known(
    _ purpose: TaskPurpose, _ person: Int64, _ queue: Int64, after priority: Double
  ) throws -> Int64? {
    try connection.integer(
      """
      SELECT task_id FROM annotation_tasks t
      WHERE queue_id = ?1 AND purpose = ?3 AND purpose <> 'normal' AND priority > ?4
        AND \(Self.notHad)
      ORDER BY priority, task_id LIMIT 1
      """, .integer(queue), .integer(person), .text(purpose.rawValue), .real(priority))
  }

  /// A task that the person voted on some time ago and was not asked about again.
  private func repetition(
    _ person: Int64, _ queue: QueueRow, _ progress: ProgressRow
  ) throws -> (assignment: Int64, task: Int64)? {
    let last = progress.assignments - queue.options.repeatGap
    guard last >= 1 else { return nil }
    for _ in 0..<Self.repetitionDraws {
      let ordinal = Int.random(in: 1...last, using: &desk.generator)
      let found = try connection.first(
        """
        SELECT a.assignment_id, a.task_id FROM annotation_assignments a
          JOIN annotation_tasks t USING (task_id)
        WHERE a.person_id = ?1 AND a.queue_id = ?2 AND a.ordinal = ?3 AND a.state = 'voted'
          AND a.repeats IS NULL AND t.purpose = 'normal'
          AND NOT EXISTS (SELECT 1 FROM annotation_assignments again
            WHERE again.repeats = a.assignment_id AND again.repeats IS NOT NULL
              AND again.state <> 'expired')
        """, .integer(person), .integer(queue.row), .integer(Int64(ordinal))
      ) { ($0.int64(0), $0.int64(1)) }
      if let found { return found }
    }
    return nil
  }

  /// Whether others have tasks before them that could come back for the person.
  private func isWaiting(_ person: Int64, _ queue: Int64) throws -> Bool {
    try connection.integer(
      """
      SELECT 1 FROM annotation_assignments a JOIN annotation_tasks t USING (task_id)
      WHERE a.state = 'leased' AND a.queue_id = ?1 AND a.person_id <> ?2 AND a.repeats IS NULL
        AND t.purpose = 'normal' AND \(Self.notHad)
      LIMIT 1
      """, .integer(queue), .integer(person)) != nil
  }

  // MARK: - Giving and taking back

  private func issue(
    _ task: Int64, _ purpose: TaskPurpose, repeating: Int64? = nil, to person: Int64,
    _ queue: QueueRow, _ progress: ProgressRow
  ) throws -> Int64 {
    var progress = progress
    let count = try connection.integer(
      "SELECT count(*) FROM annotation_task_candidates WHERE task_id = ?", .integer(task))
    let shown = ShownOrder(count: Int(count ?? 0), using: &desk.generator)
    if purpose == .normal, repeating == nil { try changeSlots(of: task, queue.row, by: -1) }
    progress.assignments += 1
    if purpose != .qualification { progress.leased += 1 }
    let statement = try connection.prepare(
      """
      INSERT INTO annotation_assignments (task_id, queue_id, person_id, ordinal, sides, repeats,
        issued_at, lease_expires_at, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'leased')
      """)
    try statement.bind(1, task)
    try statement.bind(2, queue.row)
    try statement.bind(3, person)
    try statement.bind(4, progress.assignments)
    try statement.bind(5, shown.json)
    try statement.bind(6, repeating)
    try statement.bind(7, now.iso8601)
    try statement.bind(8, now.adding(seconds: queue.options.leaseSeconds).iso8601)
    try statement.execute()
    let row = connection.lastInsertedRowID
    try progress.save(person: person, queue: queue.row, connection)
    return row
  }

  /// Changes how many people can still be given a task; the table refuses less than none.
  func changeSlots(of task: Int64, _ queue: Int64, by change: Int64) throws {
    try connection.run(
      "UPDATE annotation_tasks SET open_slots = open_slots + ? WHERE task_id = ?",
      .integer(change), .integer(task))
    try connection.run(
      "UPDATE annotation_queues SET open_slots = open_slots + ? WHERE queue_id = ?",
      .integer(change), .integer(queue))
    if change > 0 { desk.cursors.gaveBack(task, queue: queue) }
  }

  /// Takes back what people had before them for too long.
  func returnOverdue() throws {
    while true {
      let overdue = try AssignmentRow.overdue(at: now, connection)
      if overdue.isEmpty { return }
      for assignment in overdue {
        try setState("expired", of: assignment)
        if assignment.takesSlot {
          try changeSlots(of: assignment.task, assignment.queue, by: 1)
        }
        guard assignment.purpose != .qualification else { continue }
        var progress = try ProgressRow.find(
          person: assignment.person, queue: assignment.queue, connection)
        progress.leased -= 1
        try progress.save(person: assignment.person, queue: assignment.queue, connection)
      }
    }
  }

  /// Gives a person a task again that was taken back, unless others have got it meanwhile.
  ///
  /// - Throws: ``AnnotationError/leaseLost``.
  func takeAgain(_ assignment: AssignmentRow, _ queue: QueueRow) throws {
    if assignment.state == "leased" { return }
    guard assignment.state == "expired", try canTakeAgain(assignment) else {
      throw AnnotationError.leaseLost
    }
    if assignment.takesSlot { try changeSlots(of: assignment.task, assignment.queue, by: -1) }
    try setState("leased", of: assignment)
    guard assignment.purpose != .qualification else { return }
    var progress = try ProgressRow.find(
      person: assignment.person, queue: assignment.queue, connection)
    progress.leased += 1
    try progress.save(person: assignment.person, queue: assignment.queue, connection)
  }

  private func canTakeAgain(_ assignment: AssignmentRow) throws -> Bool {
    // The person may have been given the same task anew.
    let other =
      try assignment.repeats.map { repeated in
        try connection.integer(
          """
          SELECT 1 FROM annotation_assignments
          WHERE repeats = ? AND repeats IS NOT NULL AND state <> 'expired'
          """, .integer(repeated))
      }
      ?? connection.integer(
        """
        SELECT 1 FROM annotation_assignments
        WHERE task_id = ? AND person_id = ? AND repeats IS NULL AND state <> 'expired'
        """, .integer(assignment.task), .integer(assignment.person))
    if other != nil { return false }
    return try !assignment.takesSlot || hasSlot(assignment.task)
  }

  /// Whether a task can be given to one person more.
  func hasSlot(_ task: Int64) throws -> Bool {
    try connection.integer(
      "SELECT open_slots FROM annotation_tasks WHERE task_id = ?", .integer(task)) ?? 0 > 0
  }

  /// Gives a person more time.
  ///
  /// - Returns: when it is over.
  @discardableResult
  func extendLease(of assignment: AssignmentRow, _ queue: QueueRow) throws -> AnnotationTime {
    let end = now.adding(seconds: queue.options.leaseSeconds)
    try connection.run(
      "UPDATE annotation_assignments SET lease_expires_at = ? WHERE assignment_id = ?",
      .text(end.iso8601), .integer(assignment.row))
    return end
  }

  func setState(_ state: String, of assignment: AssignmentRow) throws(SQLiteError) {
    try connection.run(
      "UPDATE annotation_assignments SET state = ? WHERE assignment_id = ?", .text(state),
      .integer(assignment.row))
  }
}
