package import JSON
package import SQLite

extension Store {
  /// Appends an answer that was made of other candidates to an example.
  ///
  /// - Parameters:
  ///   - text: the answer.
  ///   - model: the name of what made it.
  ///   - decodingMethod: how it was decoded.
  ///   - fields: further fields of the candidate.
  ///   - example: the row of the example.
  /// - Returns: the row of the candidate.
  /// - Throws: `SQLiteError`.
  package func addCandidate(
    _ text: String, model: String, decodingMethod: String, fields: JSONObject, example: Int64
  ) throws(SQLiteError) -> Int64 {
    let row = try addCandidate(text, model: model, example: example)
    try connection.run(
      "UPDATE candidates SET decoding_method = ?, additional_fields = ? WHERE candidate_id = ?",
      .text(decodingMethod), .text(fields.json()), .integer(row))
    return row
  }

  /// A fusion that was not kept.
  package struct RefusedFusion: Sendable {
    /// The row of the example.
    package var example: Int64
    /// The example's identifier.
    package var id: String
    /// How much better than its best parent it is; `nil` when nobody compared them.
    package var margin: Double?
    /// Why it was not kept.
    package var message: String

    /// A fusion that was not kept.
    ///
    /// - Parameters:
    ///   - example: the row of the example.
    ///   - id: the example's identifier.
    ///   - margin: how much better than its best parent it is.
    ///   - message: why it was not kept.
    package init(example: Int64, id: String, margin: Double?, message: String) {
      self.example = example
      self.id = id
      self.margin = margin
      self.message = message
    }
  }

  /// Records a fusion that was not kept, so that it is not made again.
  ///
  /// - Parameters:
  ///   - fusion: the fusion.
  ///   - rule: the rule, with the names of fuser and ranker.
  ///   - run: the run.
  /// - Throws: `SQLiteError`.
  package func addRefused(
    _ fusion: RefusedFusion, rule: String, run: Int64
  ) throws(SQLiteError) {
    try connection.run(
      """
      INSERT INTO dropped_records (run_id, stage, rule, place, record_id, measured, threshold, message)
      VALUES (?, 'fuse', ?, ?, ?, ?, ?, ?)
      """, .integer(run), .text(rule), .text("example \(fusion.example)"), .text(fusion.id),
      SQLiteValue(fusion.margin), fusion.margin == nil ? .null : .real(0), .text(fusion.message))
  }

  /// The fusions that were not kept.
  ///
  /// - Parameter rule: the rule, as they were recorded with.
  /// - Returns: for the row of each example how much better the fusion is than its best parent.
  /// - Throws: `SQLiteError`.
  package func refusedFusions(rule: String) throws -> [Int64: Double?] {
    var refused: [Int64: Double?] = [:]
    try connection.query(
      "SELECT place, measured FROM dropped_records WHERE stage = 'fuse' AND rule = ?", .text(rule)
    ) { row in
      guard let example = row.text(0).split(separator: " ").last.flatMap({ Int64($0) }) else {
        return
      }
      refused[example] = .some(row.optionalDouble(1))
    }
    return refused
  }

  /// The rankings of the store.
  ///
  /// - Returns: rows and names, in the order in which they were made.
  /// - Throws: `SQLiteError`.
  package func rankings() throws -> [(row: Int64, name: String)] {
    var rankings: [(row: Int64, name: String)] = []
    try connection.query("SELECT ranking_id, name FROM rankings ORDER BY ranking_id") { row in
      rankings.append((row.int64(0), row.text(1)))
    }
    return rankings
  }
}
