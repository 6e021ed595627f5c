package import JSON
package import Records
package import SQLite

/// What a mix decided on one source record.
package struct MixDecision: Sendable {
  /// The row of the source record.
  package var sourceRecord: Int64
  /// The rule that dropped it; `nil` when it was selected.
  package var rule: String?
  /// What the rule measured.
  package var measured: Double?
  /// What the measured value was compared with.
  package var threshold: Double?
  /// The answer's length, when it was measured.
  package var outputLength: Int?
  /// The input's length, when it was measured.
  package var inputLength: Int?
  /// The similarity to a near duplicate, when it was measured.
  package var similarity: Double?
  /// What the rule found: a phrase, a licence, the record kept instead.
  package var detail: String?

  /// A decision.
  package init(
    sourceRecord: Int64, rule: String?, measured: Double?, threshold: Double?, outputLength: Int?,
    inputLength: Int?, similarity: Double?, detail: String?
  ) {
    self.sourceRecord = sourceRecord
    self.rule = rule
    self.measured = measured
    self.threshold = threshold
    self.outputLength = outputLength
    self.inputLength = inputLength
    self.similarity = similarity
    self.detail = detail
  }
}

extension Store {
  /// The recipe and fingerprint of the last mix.
  ///
  /// - Returns: row, fingerprint and recipe; `nil` when there is no mix.
  /// - Throws: `SQLiteError`, `JSONError`.
  package func lastMix() throws -> (row: Int64, fingerprint: String, recipe: JSONObject)? {
    try connection.first("SELECT mix_id, fingerprint, recipe FROM mixes ORDER BY mix_id DESC") {
      ($0.int64(0), $0.text(1), try JSONValue(json: $0.text(2)).object ?? [:])
    }
  }

  /// Records a mix and clears the decisions of the one before.
  ///
  /// - Parameters:
  ///   - name: the recipe's name.
  ///   - recipe: the recipe with its overrides.
  ///   - fingerprint: of recipe, tokenizer and source records.
  ///   - summary: the counts.
  ///   - run: the run.
  /// - Returns: the row.
  /// - Throws: `SQLiteError`.
  package func addMix(
    name: String, recipe: JSONObject, fingerprint: String, summary: JSONObject, run: Int64
  ) throws(SQLiteError) -> Int64 {
    try connection.run("DELETE FROM mix_decisions")
    try connection.run(
      """
      INSERT INTO mixes (run_id, recipe_name, recipe, fingerprint, made_at, summary)
      VALUES (?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), ?)
      """, .integer(run), .text(name), .text(recipe.json()), .text(fingerprint),
      .text(summary.json()))
    return connection.lastInsertedRowID
  }

  /// Stores a decision of a mix.
  ///
  /// - Parameters:
  ///   - decision: the decision.
  ///   - mix: the row of the mix.
  /// - Throws: `SQLiteError`.
  package func add(_ decision: MixDecision, mix: Int64) throws(SQLiteError) {
    let statement = try connection.prepare(
      """
      INSERT INTO mix_decisions (source_record_id, mix_id, rule, measured, threshold,
        output_length, input_length, similarity, detail) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind(1, decision.sourceRecord)
    try statement.bind(2, mix)
    try statement.bind(3, decision.rule)
    try statement.bind(4, decision.measured)
    try statement.bind(5, decision.threshold)
    try statement.bind(6, decision.outputLength)
    try statement.bind(7, decision.inputLength)
    try statement.bind(8, decision.similarity)
    try statement.bind(9, decision.detail)
    try statement.execute()
  }

  /// Reads the decisions of the last mix.
  ///
  /// - Parameter body: receives each decision, by source record.
  /// - Throws: `SQLiteError`, or what `body` throws.
  package func forEachMixDecision(_ body: (MixDecision) throws -> Void) throws {
    try connection.query(
      """
      SELECT source_record_id, rule, measured, threshold, output_length, input_length, similarity,
        detail FROM mix_decisions ORDER BY source_record_id
      """
    ) { row in
      try body(
        MixDecision(
          sourceRecord: row.int64(0), rule: row.optionalText(1), measured: row.optionalDouble(2),
          threshold: row.optionalDouble(3), outputLength: row.optionalInt(4),
          inputLength: row.optionalInt(5), similarity: row.optionalDouble(6),
          detail: row.optionalText(7)))
    }
  }

  /// The rows of the examples that were mixed.
  ///
  /// - Returns: row of the example and whether it has candidates, by row of the source record.
  /// - Throws: `SQLiteError`.
  package func mixedExamples() throws -> [Int64: (row: Int64, hasCandidates: Bool)] {
    var examples: [Int64: (row: Int64, hasCandidates: Bool)] = [:]
    try connection.query(
      """
      SELECT source_record_id, example_id,
        EXISTS (SELECT 1 FROM candidates c WHERE c.example_id = e.example_id)
      FROM examples e WHERE source_record_id IS NOT NULL
      """
    ) { row in examples[row.int64(0)] = (row.int64(1), row.int(2) == 1) }
    return examples
  }

  /// Moves an example to a place in the dataset.
  ///
  /// - Parameters:
  ///   - example: its row.
  ///   - split: the part.
  ///   - position: its place in the order of the dataset.
  /// - Throws: `SQLiteError`.
  package func move(
    example: Int64, to split: Split, position: Int64
  ) throws(SQLiteError) {
    try connection.run(
      "UPDATE examples SET split = ?, position = ? WHERE example_id = ?", .text(split.rawValue),
      .integer(position), .integer(example))
  }

  /// Removes an example and what hangs on it.
  ///
  /// - Parameter example: its row.
  /// - Throws: `SQLiteError`.
  package func remove(example: Int64) throws(SQLiteError) {
    try connection.run("DELETE FROM examples WHERE example_id = ?", .integer(example))
  }

  /// Sets where the next example is put in the order of the dataset.
  package func setNextPosition(_ position: Int64) { nextPosition = position }
}
