package import SQLite

extension Store {
  /// The row of a way to score, made when it is new.
  ///
  /// - Parameters:
  ///   - metric: the metric's name, as in MixInstruct.
  ///   - signature: metric, version and options in one string; decides what is the same.
  ///   - higherIsBetter: the direction.
  /// - Returns: the row.
  /// - Throws: `SQLiteError`.
  package func scorerRow(
    metric: String, signature: String, higherIsBetter: Bool
  ) throws(SQLiteError) -> Int64 {
    try connection.run(
      """
      INSERT INTO scorers (metric, signature, higher_is_better) VALUES (?, ?, ?)
      ON CONFLICT DO NOTHING
      """, .text(metric), .text(signature), .integer(higherIsBetter ? 1 : 0))
    return try connection.integer(
      "SELECT scorer_id FROM scorers WHERE signature = ?", .text(signature)) ?? 0
  }

  /// Stores a score.
  ///
  /// - Parameters:
  ///   - value: the score, finite.
  ///   - candidate: the row of the candidate.
  ///   - scorer: the row of the way to score.
  /// - Throws: `SQLiteError`.
  package func addScore(
    _ value: Double, candidate: Int64, scorer: Int64
  ) throws(SQLiteError) {
    let statement = try connection.prepare(
      "INSERT OR REPLACE INTO scores (candidate_id, scorer_id, value) VALUES (?, ?, ?)")
    try statement.bind(1, candidate)
    try statement.bind(2, scorer)
    try statement.bind(3, value)
    try statement.execute()
  }

  /// A way to score, with the number of its scores.
  package typealias Scorer = (
    row: Int64, metric: String, signature: String, higherIsBetter: Bool, count: Int
  )

  /// The ways to score that the store has scores of.
  ///
  /// - Returns: the ways to score, in the order they came.
  /// - Throws: `SQLiteError`.
  package func scorers() throws -> [Scorer] {
    var scorers: [Scorer] = []
    try connection.query(
      """
      SELECT scorer_id, metric, signature, higher_is_better, (SELECT count(*) FROM scores v
        WHERE v.scorer_id = s.scorer_id) FROM scorers s ORDER BY scorer_id
      """
    ) { row in
      scorers.append((row.int64(0), row.text(1), row.text(2), row.int(3) == 1, row.int(4)))
    }
    return scorers
  }

  /// Computed scores of a candidate.
  ///
  /// - Parameters:
  ///   - candidate: the row of the candidate.
  ///   - connection: the connection to read on.
  /// - Returns: value by row of the way to score.
  /// - Throws: `SQLiteError`.
  package static func scores(
    of candidate: Int64, on connection: Connection
  ) throws(SQLiteError) -> [Int64: Double] {
    let statement = try connection.prepare(
      "SELECT scorer_id, value FROM scores WHERE candidate_id = ?")
    try statement.bind(1, candidate)
    var values: [Int64: Double] = [:]
    while try statement.step() { values[statement.int64(0)] = statement.double(1) }
    statement.reset()
    return values
  }
}
