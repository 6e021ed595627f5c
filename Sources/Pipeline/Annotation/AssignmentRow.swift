internal import Annotation
internal import JSON
internal import SQLite

/// A task given to a person, with what is needed of the task.
struct AssignmentRow {
  let row: Int64
  let task: Int64
  let queue: Int64
  let person: Int64
  let shown: ShownOrder
  let repeats: Int64?
  let leaseExpiresAt: AnnotationTime
  let state: String
  let example: Int64
  let purpose: TaskPurpose
  let expected: TaskAnswer?
  let explanation: String

  /// Whether the task counts it among the people it is given to.
  var takesSlot: Bool { purpose == .normal && repeats == nil }

  private static let columns = """
    SELECT a.assignment_id, a.task_id, a.queue_id, a.person_id, a.sides, a.repeats,
      a.lease_expires_at, a.state, t.example_id, t.purpose, t.expected, t.explanation
    FROM annotation_assignments a JOIN annotation_tasks t USING (task_id)
    """

  /// The assignment of a row, when it is the person's; `nil` otherwise.
  static func find(
    _ row: Int64, person: Int64, _ connection: Connection
  ) throws -> AssignmentRow? {
    try connection.first(
      columns + " WHERE a.assignment_id = ? AND a.person_id = ?", .integer(row), .integer(person)
    ) { try AssignmentRow($0) }
  }

  /// What a person has before them in a queue, the earliest first.
  static func held(
    person: Int64, queue: Int64, _ connection: Connection
  ) throws -> [AssignmentRow] {
    var rows: [AssignmentRow] = []
    try connection.query(
      columns + " WHERE a.state = 'leased' AND a.person_id = ? AND a.queue_id = ? ORDER BY 1",
      .integer(person), .integer(queue)
    ) { rows.append(try AssignmentRow($0)) }
    return rows
  }

  /// Those whose time is over.
  static func overdue(at now: AnnotationTime, _ connection: Connection) throws -> [AssignmentRow] {
    var rows: [AssignmentRow] = []
    try connection.query(
      columns + " WHERE a.state = 'leased' AND a.lease_expires_at <= ? LIMIT 256",
      .text(now.iso8601)
    ) { rows.append(try AssignmentRow($0)) }
    return rows
  }

  private init(_ statement: Statement) throws {
    row = statement.int64(0)
    task = statement.int64(1)
    queue = statement.int64(2)
    person = statement.int64(3)
    guard let order = ShownOrder(json: statement.text(4)),
      let end = AnnotationTime(statement.text(6))
    else {
      throw StageError.malformed(
        "assignment \(statement.int64(0)) of the store: expected an order of sides and a time")
    }
    shown = order
    repeats = statement.optionalInt64(5)
    leaseExpiresAt = end
    state = statement.text(7)
    example = statement.int64(8)
    purpose = TaskPurpose(rawValue: statement.text(9)) ?? .normal
    expected = try statement.optionalText(10).flatMap { text in
      TaskAnswer(try JSONValue(json: text).object ?? [:])
    }
    explanation = statement.text(11)
  }
}
