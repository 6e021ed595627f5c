package import JSON
package import Records
internal import SQLite

/// How far a file has been read into a store.
package struct InputFile: Sendable {
  /// Its row.
  package let id: Int64
  /// Records taken from the file so far, kept or not.
  package var recordsRead: Int
  /// Of these, how many are in the store.
  package var recordsKept: Int
  /// Of these, how many were refused.
  package var recordsDropped: Int
  /// The reader's counters.
  package var readerState: JSONValue?
  /// Whether the file was read to its end.
  package var isFinished: Bool
}

extension Store {
  /// The progress of a file that was seen before under the same options; `nil` for a new one.
  ///
  /// - Parameters:
  ///   - verb: `ingest` or `import`.
  ///   - fingerprint: the hash of the file's bytes.
  ///   - options: what changes the meaning of the same bytes.
  /// - Returns: the progress.
  /// - Throws: `SQLiteError`.
  package func inputFile(
    verb: String, fingerprint: String, options: JSONObject
  ) throws -> InputFile? {
    try connection.first(
      """
      SELECT input_file_id, records_read, records_kept, records_dropped, reader_state, is_finished
      FROM input_files WHERE verb = ? AND fingerprint = ? AND options = ?
      """, .text(verb), .text(fingerprint), .text(options.json())
    ) { row in
      InputFile(
        id: row.int64(0), recordsRead: row.int(1), recordsKept: row.int(2),
        recordsDropped: row.int(3),
        readerState: row.optionalText(4).flatMap { try? JSONValue(json: $0) },
        isFinished: row.int(5) == 1)
    }
  }

  /// Records that a file is going to be read.
  ///
  /// - Returns: its progress: nothing yet.
  /// - Throws: `SQLiteError`.
  package func addInputFile(
    verb: String, path: String, fingerprint: String, options: JSONObject, format: String,
    source: String?, run: Int64
  ) throws -> InputFile {
    try connection.run(
      """
      INSERT INTO input_files (run_id, verb, path, fingerprint, options, format, source)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, .integer(run), .text(verb), .text(path), .text(fingerprint), .text(options.json()),
      .text(format), SQLiteValue(source))
    return InputFile(
      id: connection.lastInsertedRowID, recordsRead: 0, recordsKept: 0, recordsDropped: 0,
      readerState: nil, isFinished: false)
  }

  /// Stores the progress of a file; belongs in the transaction that stores its records.
  ///
  /// - Parameter file: the progress.
  /// - Throws: `SQLiteError`.
  package func update(_ file: InputFile) throws {
    try connection.run(
      """
      UPDATE input_files SET records_read = ?, records_kept = ?, records_dropped = ?,
        reader_state = ?, is_finished = ? WHERE input_file_id = ?
      """, SQLiteValue(file.recordsRead), SQLiteValue(file.recordsKept),
      SQLiteValue(file.recordsDropped), SQLiteValue(file.readerState?.json()),
      .integer(file.isFinished ? 1 : 0), .integer(file.id))
  }

  /// Names a file by its bytes when these are known only at its end.
  ///
  /// - Parameters:
  ///   - fingerprint: the hash of its records.
  ///   - file: the file.
  /// - Throws: `SQLiteError`.
  package func setFingerprint(_ fingerprint: String, of file: InputFile) throws {
    try connection.run(
      "UPDATE input_files SET fingerprint = ? WHERE input_file_id = ?", .text(fingerprint),
      .integer(file.id))
  }

  /// Forgets positions and judges known from a transaction that did not take place.
  package func forgetPositions() {
    nextPosition = nil
    judgeIDs.removeAll()
  }

  /// Stores a record that was refused.
  ///
  /// - Parameters:
  ///   - diagnostic: what was wrong with it, where.
  ///   - stage: the stage that refused it.
  ///   - file: the file it stands in, when it comes from one.
  ///   - run: the run.
  /// - Throws: `SQLiteError`.
  package func addDropped(
    _ diagnostic: Diagnostic, stage: String, file: Int64?, run: Int64
  ) throws {
    try connection.run(
      """
      INSERT INTO dropped_records
        (run_id, stage, rule, input_file_id, place, record_id, message)
      VALUES (?, ?, ?, ?, ?, ?, ?)
      """, .integer(run), .text(stage), .text(diagnostic.rule), SQLiteValue(file),
      SQLiteValue(diagnostic.location?.description), SQLiteValue(diagnostic.recordID),
      .text(diagnostic.message))
  }
}

extension Store {
  /// The counters that the reading of a source ended with last.
  ///
  /// - Parameter source: the source.
  /// - Returns: the counters; `nil` when nothing of it was read.
  /// - Throws: `SQLiteError`.
  package func lastReaderState(of source: Source) throws -> JSONObject? {
    let text = try connection.text(
      """
      SELECT reader_state FROM input_files
      WHERE verb = 'ingest' AND source = ? AND reader_state IS NOT NULL
      ORDER BY input_file_id DESC LIMIT 1
      """, .text(source.rawValue))
    return text.flatMap { try? JSONValue(json: $0).object }
  }
}
