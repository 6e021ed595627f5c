internal import Annotation
internal import JSON
internal import SQLite

/// Opens, pauses and closes queues; works inside a transaction.
struct QueueLedger {
  let connection: Connection
  let now: AnnotationTime
  /// Who does it; `nil` for the command line.
  let actor: Int64?

  /// Changes whether a queue gives tasks.
  ///
  /// - Throws: `SQLiteError`; ``AnnotationError/invalid(field:expected:)`` for a queue that has fewer
  ///   qualification items than its round needs.
  func setState(of queue: QueueRow, to state: QueueState) throws {
    if state == .open, let round = queue.options.qualification {
      let items = try connection.integer(
        """
        SELECT count(*) FROM annotation_tasks
        WHERE queue_id = ? AND purpose = 'qualification' AND purpose <> 'normal'
        """, .integer(queue.row))
      guard items ?? 0 >= round.items else {
        throw AnnotationError.invalid(
          field: "state",
          expected: "at least \(round.items) qualification items in '\(queue.name)' before it "
            + "opens, it has \(items ?? 0)")
      }
    }
    try connection.run(
      "UPDATE annotation_queues SET state = ? WHERE queue_id = ?", .text(state.rawValue),
      .integer(queue.row))
    try AuditTrail.add(
      "queue_state", person: actor, at: now,
      [
        "queue_id": .integer(queue.row), "name": .string(queue.name),
        "from": .string(queue.state.rawValue), "to": .string(state.rawValue),
      ], connection)
  }
}
