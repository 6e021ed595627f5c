package import Annotation
package import JSON
internal import SQLite

extension AnnotationStore {
  /// The most bytes of a person's settings.
  private static let maximumSettingsBytes = 8192
  /// So much of an instruction is shown of a past vote.
  private static let excerptLength: Int64 = 200

  /// What a person sees of their own work.
  package func overview(person: Int64) throws -> AnnotatorOverview {
    let now = clock()
    return try read { connection in
      let who = try PersonRow.active(person, at: now, connection)
      let settings = try connection.text(
        "SELECT settings FROM annotators WHERE person_id = ?", .integer(person))
      var times: [Double] = []
      try connection.query(
        """
        SELECT v.milliseconds, v.created_at FROM annotation_votes v
        WHERE v.person_id = ?1 AND v.kind = 'vote'
          AND v.vote_id > coalesce((SELECT max(vote_id) FROM annotation_votes
            WHERE person_id = ?1 AND created_at < ?2), 0)
          AND NOT EXISTS (SELECT 1 FROM annotation_votes later WHERE later.supersedes = v.vote_id)
        """, .integer(person), .text(now.startOfDay.iso8601)
      ) { times.append($0.double(0) / 1000) }
      let total = try ProgressRow.total(person: person, connection)
      return AnnotatorOverview(
        name: who.name,
        queues: try QueueRow.all(connection, withClosed: false).map {
          try Self.overview(of: $0, who, totalOfPerson: total, connection)
        }, votesToday: times.count, medianSecondsToday: Median.of(times),
        settings: try settings.flatMap { try JSONValue(json: $0).object } ?? [:])
    }
  }

  private static func overview(
    of queue: QueueRow, _ person: PersonRow, totalOfPerson: Int, _ connection: Connection
  ) throws -> AnnotatorOverview.Queue {
    let progress = try ProgressRow.find(person: person.row, queue: queue.row, connection)
    // Votes elsewhere leave less of a person's quota for here.
    let own = person.quota.map {
      max(progress.votes, $0 - (totalOfPerson - progress.votes - progress.leased))
    }
    let quota = [queue.options.quota, own].compactMap { $0 }.min()
    var qualification = AnnotatorOverview.Qualification(state: .none, done: 0, total: 0)
    if let round = queue.options.qualification {
      let isPassed = round.isPassed(correct: progress.qualificationCorrect)
      qualification = AnnotatorOverview.Qualification(
        state: progress.qualificationDone < round.items ? .open : isPassed ? .passed : .failed,
        done: min(progress.qualificationDone, round.items), total: round.items)
    }
    let isClosed = queue.state != .open || qualification.state == .failed
    let left = min(
      queue.openSlots, max(0, queue.taskCount - progress.normal - progress.skips),
      quota.map { max(0, $0 - progress.votes) } ?? .max)
    return AnnotatorOverview.Queue(
      queueID: queue.row, name: queue.name, kind: queue.kind, guidelines: queue.guidelines,
      criteria: queue.criteria, done: progress.votes, quota: quota,
      available: isClosed ? 0 : left, qualification: qualification)
  }

  /// Keeps what a page wants to know again.
  package func replaceSettings(_ settings: JSONObject, person: Int64) throws -> JSONObject {
    let text = settings.json()
    guard text.utf8.count <= Self.maximumSettingsBytes else {
      throw AnnotationError.invalid(
        field: "settings", expected: "at most \(Self.maximumSettingsBytes) bytes")
    }
    let now = clock()
    try writer.perform { desk in
      _ = try PersonRow.active(person, at: now, desk.connection)
      try desk.connection.run(
        "UPDATE annotators SET settings = ? WHERE person_id = ?", .text(text), .integer(person))
    }
    return settings
  }

  /// Gives a person the next task.
  package func nextTask(person: Int64, queue: Int64?, exclude: [Int64]) throws -> NextTask {
    let now = clock()
    let outcome = try writer.perform { desk in
      try TaskGiver(desk: desk, now: now).next(person: person, queue: queue, exclude: exclude)
    }
    switch outcome {
    case .given(let assignment): return .task(try task(of: assignment, person: person))
    case .none(let reason): return .none(reason)
    }
  }

  /// Gives a person more time for a task.
  package func renewLease(person: Int64, assignment: Int64) throws -> AnnotationTime {
    let now = clock()
    return try writer.perform { desk in
      let connection = desk.connection
      let giver = TaskGiver(desk: desk, now: now)
      _ = try PersonRow.active(person, at: now, connection)
      guard let held = try AssignmentRow.find(assignment, person: person, connection) else {
        throw AnnotationError.unknown(.assignment, assignment)
      }
      let queue = try QueueRow.find(held.queue, connection)
      try giver.takeAgain(held, queue)
      return try giver.extendLease(of: held, queue)
    }
  }

  /// Takes a vote.
  package func vote(person: Int64, _ submission: VoteSubmission) throws -> VoteReceipt {
    let now = clock()
    return try writer.perform { desk in
      try VoteTaker(giver: TaskGiver(desk: desk, now: now)).vote(person: person, submission)
    }
  }

  /// Gives a person's last vote back.
  package func undo(person: Int64, clientKey: String) throws -> AnnotationTask {
    let now = clock()
    let assignment = try writer.perform { desk in
      try VoteTaker(giver: TaskGiver(desk: desk, now: now)).undo(
        person: person, clientKey: clientKey)
    }
    return try task(of: assignment, person: person)
  }

  /// A task as it is shown.
  private func task(of assignment: Int64, person: Int64) throws -> AnnotationTask {
    try read { connection in
      guard let given = try AssignmentRow.find(assignment, person: person, connection) else {
        throw AnnotationError.unknown(.assignment, assignment)
      }
      let queue = try QueueRow.find(given.queue, connection)
      let prompt = try connection.first(
        "SELECT instruction, input FROM examples WHERE example_id = ?", .integer(given.example)
      ) { (instruction: $0.text(0), input: $0.text(1)) }
      var texts: [String] = []
      try connection.query(
        """
        SELECT c.text FROM annotation_task_candidates t JOIN candidates c USING (candidate_id)
        WHERE t.task_id = ? ORDER BY t.place
        """, .integer(given.task)
      ) { texts.append($0.text(0)) }
      guard let prompt, texts.count == given.shown.places.count else {
        throw AnnotationError.unknown(.task, given.task)
      }
      return AnnotationTask(
        assignmentID: given.row, queueID: given.queue, kind: queue.kind,
        leaseExpiresAt: given.leaseExpiresAt, instruction: prompt.instruction,
        input: prompt.input,
        answers: zip(given.shown.labels, given.shown.places).map {
          AnnotationTask.Answer(label: $0, text: texts[$1])
        }, criteria: queue.criteria)
    }
  }

  /// The votes of a person that stand, the latest first.
  package func votes(person: Int64, limit: Int) throws -> [PastVote] {
    let now = clock()
    return try read { connection in
      _ = try PersonRow.active(person, at: now, connection)
      var votes: [PastVote] = []
      try connection.query(
        """
        SELECT v.vote_id, v.assignment_id, v.verdict, v.ratings, v.ranking, v.skip_reason, v.note,
          v.created_at, substr(CASE e.instruction WHEN '' THEN e.input ELSE e.instruction END, 1, ?3)
        FROM annotation_votes v JOIN annotation_tasks t USING (task_id)
          JOIN examples e USING (example_id)
        WHERE v.person_id = ?1 AND v.kind IN ('vote', 'skip') AND NOT EXISTS (
          SELECT 1 FROM annotation_votes later WHERE later.supersedes = v.vote_id)
        ORDER BY v.vote_id DESC LIMIT ?2
        """, .integer(person), .integer(Int64(max(0, min(limit, 1000)))),
        .integer(Self.excerptLength)
      ) { row in
        guard
          let answer = VoteSubmission.Answer(
            verdict: row.optionalText(2), ratings: row.optionalText(3),
            order: row.optionalText(4), skipReason: row.optionalText(5)),
          let time = AnnotationTime(row.text(7))
        else { return }
        votes.append(
          PastVote(
            voteID: row.int64(0), assignmentID: row.int64(1), excerpt: row.text(8),
            answer: answer, note: row.optionalText(6), createdAt: time))
      }
      return votes
    }
  }
}
