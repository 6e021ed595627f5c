package import Records
package import SQLite

extension Store {
  /// Where an example comes from and where it belongs.
  package struct Placement: Sendable {
    /// The part of the dataset; `nil` for none.
    package var split: Split?
    /// The source, when it is known.
    package var source: String?
    /// The licence, when it is known.
    package var license: String?
    /// The source's own category, when there is one.
    package var category: String?
    /// The row of the source record that it was made from.
    package var sourceRecord: Int64?

    /// A placement; everything unknown unless said.
    package init(
      split: Split? = nil, source: String? = nil, license: String? = nil, category: String? = nil,
      sourceRecord: Int64? = nil
    ) {
      self.split = split
      self.source = source
      self.license = license
      self.category = category
      self.sourceRecord = sourceRecord
    }
  }

  /// Appends an example with its candidates and verdicts to the dataset.
  ///
  /// - Parameters:
  ///   - prepared: the example.
  ///   - inputFile: the row of the file it was imported from, when it was.
  ///   - judge: the name its verdicts are kept under.
  ///   - run: the run.
  /// - Returns: the example's row.
  /// - Throws: `SQLiteError`.
  @discardableResult
  package func add(
    _ prepared: PreparedExample, inputFile: Int64? = nil, judge: String = "imported", run: Int64
  ) throws(SQLiteError) -> Int64 {
    let position: Int64
    if let next = nextPosition {
      position = next
    } else {
      position = (try connection.integer("SELECT max(position) FROM examples") ?? -1) + 1
    }
    nextPosition = position + 1
    let texts = prepared.texts
    let placement = prepared.placement
    let statement = try connection.prepare(
      """
      INSERT INTO examples (id, occurrence, source, split, position, instruction, input, output,
        license, category, comparison_form, additional_fields, missing_fields, source_record_id,
        input_file_id)
      VALUES (?1, (SELECT coalesce(max(occurrence) + 1, 0) FROM examples WHERE id = ?1), ?2, ?3,
        ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      """)
    try statement.bind(1, prepared.id, of: texts)
    try statement.bind(2, placement.source)
    try statement.bind(3, placement.split?.rawValue)
    try statement.bind(4, position)
    try statement.bind(5, prepared.instruction, of: texts)
    try statement.bind(6, prepared.input, of: texts)
    try statement.bind(7, prepared.output, of: texts)
    try statement.bind(8, placement.license)
    try statement.bind(9, placement.category)
    try statement.bind(10, prepared.comparisonForm.map { $0 == .object ? "object" : "string" })
    try statement.bind(11, prepared.others.additional, of: texts)
    try statement.bind(12, prepared.others.missing, of: texts)
    try statement.bind(13, placement.sourceRecord)
    try statement.bind(14, inputFile)
    try statement.execute()
    let row = connection.lastInsertedRowID
    var rows: [Int64] = []
    rows.reserveCapacity(prepared.candidates.count)
    for place in prepared.candidates.indices {
      rows.append(try addCandidate(place, of: prepared, to: row))
    }
    if !prepared.verdicts.isEmpty {
      let judge = try judgeRow(judge, kind: .imported)
      for verdict in prepared.verdicts {
        try add(
          NewVerdict(
            example: row, candidateA: rows[verdict.candidateA],
            candidateB: rows[verdict.candidateB], verdict: verdict.verdict),
          judge: judge, run: run)
      }
    }
    return row
  }

  private func addCandidate(
    _ place: Int, of prepared: PreparedExample, to example: Int64
  ) throws(SQLiteError) -> Int64 {
    let texts = prepared.texts
    let columns = prepared.candidates[place]
    let statement = try connection.prepare(
      """
      INSERT INTO candidates (example_id, position, model, decoding_method, text, scores,
        additional_fields, missing_fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind(1, example)
    try statement.bind(2, place)
    try statement.bind(3, columns.model, of: texts)
    try statement.bind(4, columns.decodingMethod, of: texts)
    try statement.bind(5, columns.text, of: texts)
    try statement.bind(6, columns.scores, of: texts)
    try statement.bind(7, columns.others.additional, of: texts)
    try statement.bind(8, columns.others.missing, of: texts)
    try statement.execute()
    return connection.lastInsertedRowID
  }
}
