package import JSON
package import SQLite

extension Store {
  /// Begins a ranking of candidates, in place of one with the same name.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - details: how it was made.
  ///   - run: the run.
  /// - Returns: its row.
  /// - Throws: `SQLiteError`.
  package func replaceRanking(
    _ name: String, details: JSONObject, run: Int64
  ) throws(SQLiteError) -> Int64 {
    try connection.run("DELETE FROM rankings WHERE name = ?", .text(name))
    try connection.run(
      "INSERT INTO rankings (name, details, run_id) VALUES (?, ?, ?)", .text(name),
      .text(details.json()), .integer(run))
    return connection.lastInsertedRowID
  }

  /// The row of a ranking that is filled bit by bit, made when it is new.
  ///
  /// A ranking of the same name that was made otherwise is replaced.
  ///
  /// - Parameters:
  ///   - name: its name.
  ///   - details: how it is made; decides what is the same.
  ///   - run: the run.
  /// - Returns: its row.
  /// - Throws: `SQLiteError`.
  package func rankingRow(
    _ name: String, details: JSONObject, run: Int64
  ) throws(SQLiteError) -> Int64 {
    let row = try connection.integer(
      "SELECT ranking_id FROM rankings WHERE name = ? AND details = ?", .text(name),
      .text(details.json()))
    if let row { return row }
    return try replaceRanking(name, details: details, run: run)
  }

  /// The place of a candidate in a ranking.
  ///
  /// - Parameters:
  ///   - candidate: the row of the candidate.
  ///   - ranking: the row of the ranking.
  /// - Returns: its rank and what it was ranked by; `nil` when it is not ranked.
  /// - Throws: `SQLiteError`.
  package func rank(
    of candidate: Int64, in ranking: Int64
  ) throws(SQLiteError) -> (rank: Int, score: Double)? {
    let statement = try connection.prepare(
      "SELECT rank, score FROM ranks WHERE ranking_id = ? AND candidate_id = ?")
    try statement.bind(1, ranking)
    try statement.bind(2, candidate)
    defer { statement.reset() }
    return try statement.step() ? (statement.int(0), statement.double(1)) : nil
  }

  /// Stores the place of a candidate in a ranking, in place of the one it had.
  ///
  /// - Parameters:
  ///   - rank: 1 is best.
  ///   - score: what it was ranked by.
  ///   - candidate: the row of the candidate.
  ///   - ranking: the row of the ranking.
  /// - Throws: `SQLiteError`.
  package func addRank(
    _ rank: Int, score: Double, candidate: Int64, ranking: Int64
  ) throws(SQLiteError) {
    let statement = try connection.prepare(
      """
      INSERT INTO ranks (ranking_id, candidate_id, score, rank) VALUES (?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET score = excluded.score, rank = excluded.rank
      """)
    try statement.bind(1, ranking)
    try statement.bind(2, candidate)
    try statement.bind(3, score)
    try statement.bind(4, rank)
    try statement.execute()
  }
}
