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

  /// Stores the place of a candidate in a ranking.
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
      "INSERT INTO ranks (ranking_id, candidate_id, score, rank) VALUES (?, ?, ?, ?)")
    try statement.bind(1, ranking)
    try statement.bind(2, candidate)
    try statement.bind(3, score)
    try statement.bind(4, rank)
    try statement.execute()
  }
}
