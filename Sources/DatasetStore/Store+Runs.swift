package import JSON
internal import SQLite

/// How a run ended.
package enum RunStatus: String, Sendable {
  /// It did all that it was asked.
  case finished
  /// It was stopped; running it again goes on.
  case interrupted
  /// It gave up with an error.
  case failed
}

extension Store {
  /// Records that a command begins to write.
  ///
  /// - Parameters:
  ///   - verb: the command.
  ///   - arguments: the command line as typed.
  ///   - version: the program's version.
  /// - Returns: the run's identifier.
  /// - Throws: `SQLiteError`.
  package func beginRun(verb: String, arguments: [String], version: String) throws -> Int64 {
    try connection.run(
      """
      INSERT INTO runs (verb, arguments, program_version, started_at, status)
      VALUES (?, ?, ?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'running')
      """,
      .text(verb), .text(JSONValue.array(arguments.map { .string($0) }).json()), .text(version))
    return connection.lastInsertedRowID
  }

  /// Records how a run ended.
  ///
  /// - Parameters:
  ///   - run: the run.
  ///   - status: how it ended.
  ///   - summary: its counts.
  /// - Throws: `SQLiteError`.
  package func endRun(_ run: Int64, _ status: RunStatus, summary: JSONObject) throws {
    try connection.run(
      """
      UPDATE runs SET status = ?, summary = ?,
        finished_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE run_id = ?
      """, .text(status.rawValue), .text(summary.json()), .integer(run))
  }
}
