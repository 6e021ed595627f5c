internal import JSON
package import Records
package import SQLite

extension Store {
  /// Stores a record of a source.
  ///
  /// - Parameters:
  ///   - record: the record.
  ///   - file: the file it was read from.
  /// - Throws: `SQLiteError`.
  package func add(_ record: SourceRecord, file: Int64) throws(SQLiteError) {
    let statement = try connection.prepare(
      """
      INSERT INTO source_records (input_file_id, source, id, conversation, category, license,
        instruction, input, output, additional_fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind(1, file)
    try statement.bind(2, record.source.rawValue)
    try statement.bind(3, record.id)
    try statement.bind(4, record.group)
    try statement.bind(5, record.category)
    try statement.bind(6, record.license)
    try statement.bind(7, record.instruction)
    try statement.bind(8, record.input)
    try statement.bind(9, record.output)
    try statement.bind(
      10, record.additionalFields.isEmpty ? nil : record.additionalFields.json())
    try statement.execute()
  }

  /// The sources of which there are records, in the order of their first record.
  ///
  /// - Returns: source and number of records.
  /// - Throws: `SQLiteError`.
  package func sourceCounts() throws -> [(source: Source, records: Int)] {
    var counts: [(Source, Int)] = []
    try connection.query(
      """
      SELECT source, count(*) FROM source_records GROUP BY source
      ORDER BY min(source_record_id)
      """
    ) { row in counts.append((Source(rawValue: row.text(0)), row.int(1))) }
    return counts
  }

  /// Columns of a source record, in the order that ``sourceRecord(_:)`` reads them.
  static let sourceRecordColumns = """
    source_record_id, source, id, conversation, category, license, instruction, input, output, \
    additional_fields
    """

  static func sourceRecord(_ row: Statement) throws -> SourceRecord {
    SourceRecord(
      source: Source(rawValue: row.text(1)), id: row.text(2), group: row.optionalText(3),
      instruction: row.text(6), input: row.text(7), output: row.text(8),
      category: row.optionalText(4), license: row.optionalText(5),
      additionalFields: try row.optionalText(9).map { try JSONValue(json: $0).object ?? [:] }
        ?? [:])
  }

  /// Reads all records of a source in the order they were ingested.
  ///
  /// - Parameters:
  ///   - source: the source.
  ///   - connection: the connection to read on.
  ///   - body: receives each record and its row.
  /// - Throws: `SQLiteError`, or what `body` throws.
  package static func forEachSourceRecord(
    of source: Source, on connection: Connection,
    _ body: (Int64, SourceRecord) throws -> Void
  ) throws {
    let statement = try connection.makeStatement(
      """
      SELECT \(sourceRecordColumns) FROM source_records INDEXED BY source_records_by_source
      WHERE source = ? ORDER BY source_record_id
      """)
    try statement.bind(1, source.rawValue)
    while try statement.step() { try body(statement.int64(0), sourceRecord(statement)) }
  }

  /// Reads one source record.
  ///
  /// - Parameters:
  ///   - row: its row.
  ///   - connection: the connection to read on.
  /// - Returns: the record; `nil` when there is none.
  /// - Throws: `SQLiteError`.
  package static func sourceRecord(
    at row: Int64, on connection: Connection
  ) throws -> SourceRecord? {
    try connection.first(
      "SELECT \(sourceRecordColumns) FROM source_records WHERE source_record_id = ?",
      .integer(row), row: sourceRecord)
  }
}
