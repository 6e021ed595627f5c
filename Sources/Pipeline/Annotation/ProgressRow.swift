internal import SQLite

/// How far a person is in a queue.
struct ProgressRow {
  var votes = 0
  var normal = 0
  var skips = 0
  var leased = 0
  var assignments = 0
  var qualificationDone = 0
  var qualificationCorrect = 0

  /// The row; zeros when there is none yet.
  static func find(
    person: Int64, queue: Int64, _ connection: Connection
  ) throws -> ProgressRow {
    try connection.first(
      """
      SELECT votes, normal, skips, leased, assignments, qualification_done, qualification_correct
      FROM annotation_progress WHERE person_id = ? AND queue_id = ?
      """, .integer(person), .integer(queue)
    ) { row in
      ProgressRow(
        votes: row.int(0), normal: row.int(1), skips: row.int(2), leased: row.int(3),
        assignments: row.int(4), qualificationDone: row.int(5), qualificationCorrect: row.int(6))
    } ?? ProgressRow()
  }

  /// Keeps the row.
  func save(person: Int64, queue: Int64, _ connection: Connection) throws {
    let statement = try connection.prepare(
      """
      INSERT INTO annotation_progress (person_id, queue_id, votes, normal, skips, leased,
        assignments, qualification_done, qualification_correct)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET votes = excluded.votes, normal = excluded.normal,
        skips = excluded.skips, leased = excluded.leased, assignments = excluded.assignments,
        qualification_done = excluded.qualification_done,
        qualification_correct = excluded.qualification_correct
      """)
    try statement.bind(1, person)
    try statement.bind(2, queue)
    let numbers = [
      votes, normal, skips, leased, assignments, qualificationDone, qualificationCorrect,
    ]
    for (index, number) in numbers.enumerated() { try statement.bind(Int32(index + 3), number) }
    try statement.execute()
  }

  /// The votes and leases of a person over all queues; qualification items are not counted.
  static func total(person: Int64, _ connection: Connection) throws -> Int {
    Int(
      try connection.integer(
        "SELECT coalesce(sum(votes + leased), 0) FROM annotation_progress WHERE person_id = ?",
        .integer(person)) ?? 0)
  }
}
