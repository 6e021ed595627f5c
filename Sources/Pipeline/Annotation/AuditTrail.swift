internal import Annotation
internal import JSON
internal import SQLite

/// Writes the audit trail.
enum AuditTrail {
  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - action: what happened.
  ///   - person: who did it; `nil` for the command line and the program.
  ///   - now: when.
  ///   - details: the particulars.
  ///   - connection: where.
  /// - Throws: `SQLiteError`.
  static func add(
    _ action: String, person: Int64?, at now: AnnotationTime, _ details: JSONObject,
    _ connection: Connection
  ) throws(SQLiteError) {
    try connection.run(
      "INSERT INTO annotation_events (at, person_id, action, details) VALUES (?, ?, ?, ?)",
      .text(now.iso8601), SQLiteValue(person), .text(action), .text(details.json()))
  }

  /// Entries, the latest first.
  ///
  /// - Parameters:
  ///   - before: only those before this one; `nil` for the latest.
  ///   - limit: how many at most.
  ///   - connection: where.
  /// - Returns: the entries.
  /// - Throws: `SQLiteError`, `JSONError`.
  static func entries(
    before: Int64?, limit: Int, _ connection: Connection
  ) throws -> [AuditEvent] {
    var events: [AuditEvent] = []
    try connection.query(
      """
      SELECT v.event_id, v.at, p.name, v.action, v.details
      FROM annotation_events v LEFT JOIN annotators p USING (person_id)
      WHERE v.event_id < ? ORDER BY v.event_id DESC LIMIT ?
      """, .integer(before ?? .max), .integer(Int64(max(0, min(limit, 1000))))
    ) { row in
      guard let time = AnnotationTime(row.text(1)) else { return }
      events.append(
        AuditEvent(
          eventID: row.int64(0), at: time, person: row.optionalText(2), action: row.text(3),
          details: try JSONValue(json: row.text(4)).object ?? [:]))
    }
    return events
  }
}
