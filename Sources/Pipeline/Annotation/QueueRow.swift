internal import Annotation
internal import JSON
internal import SQLite

/// A queue's row.
struct QueueRow {
  let row: Int64
  let name: String
  let kind: QueueKind
  let state: QueueState
  let overlap: Int
  let guidelines: String
  let criteria: [RatingCriterion]
  let options: QueueOptions
  let revision: Int64
  let taskCount: Int
  let openSlots: Int

  private static let columns = """
    SELECT queue_id, name, kind, state, overlap, guidelines, criteria, options, revision,
      task_count, open_slots FROM annotation_queues
    """

  /// All queues, or those that give tasks or could.
  static func all(_ connection: Connection, withClosed: Bool) throws -> [QueueRow] {
    var rows: [QueueRow] = []
    try connection.query(
      columns + " WHERE ?1 OR state <> 'closed' ORDER BY queue_id", .integer(withClosed ? 1 : 0)
    ) { rows.append(try QueueRow($0)) }
    return rows
  }

  /// The queue of a row.
  ///
  /// - Throws: `SQLiteError`; ``AnnotationError/unknown(_:_:)``.
  static func find(_ row: Int64, _ connection: Connection) throws -> QueueRow {
    let found = try connection.first(columns + " WHERE queue_id = ?", .integer(row)) {
      try QueueRow($0)
    }
    guard let found else { throw AnnotationError.unknown(.queue, row) }
    return found
  }

  /// The queue of a name; `nil` when there is none.
  static func find(named name: String, _ connection: Connection) throws -> QueueRow? {
    try connection.first(columns + " WHERE name = ?", .text(name)) { try QueueRow($0) }
  }

  private init(_ statement: Statement) throws {
    row = statement.int64(0)
    name = statement.text(1)
    kind = QueueKind(rawValue: statement.text(2)) ?? .pair
    state = QueueState(rawValue: statement.text(3)) ?? .closed
    overlap = statement.int(4)
    guidelines = statement.text(5)
    let criteriaText = statement.text(6)
    criteria =
      criteriaText == "[]"
      ? []
      : (try JSONValue(json: criteriaText).array ?? []).map {
        RatingCriterion(
          name: $0["name"]?.string ?? "", description: $0["description"]?.string ?? "")
      }
    options = try OptionsCache.options(statement.text(7))
    revision = statement.int64(8)
    taskCount = statement.int(9)
    openSlots = statement.int(10)
  }
}
