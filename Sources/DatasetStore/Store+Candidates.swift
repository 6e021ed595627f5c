package import SQLite

extension Store {
  /// Appends an answer from another tool's file to an example.
  ///
  /// - Parameters:
  ///   - text: the answer.
  ///   - model: the model's name.
  ///   - example: the row of the example.
  /// - Returns: the row of the candidate.
  /// - Throws: `SQLiteError`.
  package func addCandidate(
    _ text: String, model: String, example: Int64
  ) throws(SQLiteError) -> Int64 {
    let statement = try connection.prepare(
      """
      INSERT INTO candidates (example_id, position, model, text) VALUES (?1,
        (SELECT coalesce(max(position) + 1, 0) FROM candidates WHERE example_id = ?1), ?2, ?3)
      """)
    try statement.bind(1, example)
    try statement.bind(2, model)
    try statement.bind(3, text)
    try statement.execute()
    return connection.lastInsertedRowID
  }
}
