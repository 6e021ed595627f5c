internal import JSON
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
    /// The file it was imported from.
    package var inputFile: Int64?

    /// A placement; everything unknown unless said.
    package init(
      split: Split? = nil, source: String? = nil, license: String? = nil, category: String? = nil,
      sourceRecord: Int64? = nil, inputFile: Int64? = nil
    ) {
      self.split = split
      self.source = source
      self.license = license
      self.category = category
      self.sourceRecord = sourceRecord
      self.inputFile = inputFile
    }
  }

  /// Appends an example with its candidates and verdicts to the dataset.
  ///
  /// - Parameters:
  ///   - example: the record.
  ///   - placement: where it comes from and belongs.
  ///   - judge: the name its verdicts are kept under.
  ///   - run: the run.
  /// - Returns: the example's row.
  /// - Throws: `SQLiteError`.
  @discardableResult
  package func add(
    _ example: Example, placement: Placement, judge: String = "imported", run: Int64
  ) throws(SQLiteError) -> Int64 {
    let position: Int64
    if let next = nextPosition {
      position = next
    } else {
      position = (try connection.integer("SELECT max(position) FROM examples") ?? -1) + 1
    }
    nextPosition = position + 1
    let statement = try connection.prepare(
      """
      INSERT INTO examples (id, occurrence, source, split, position, instruction, input, output,
        license, category, comparison_form, additional_fields, missing_fields, source_record_id,
        input_file_id)
      VALUES (?1, (SELECT coalesce(max(occurrence) + 1, 0) FROM examples WHERE id = ?1), ?2, ?3,
        ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
      """)
    try statement.bind(1, example.id)
    try statement.bind(2, placement.source)
    try statement.bind(3, placement.split?.rawValue)
    try statement.bind(4, position)
    try statement.bind(5, example.instruction)
    try statement.bind(6, example.input)
    try statement.bind(7, example.output)
    try statement.bind(8, placement.license)
    try statement.bind(9, placement.category)
    try statement.bind(10, example.comparisonForm.map { $0 == .object ? "object" : "string" })
    try statement.bind(11, utf8: Self.json(example.additionalFields))
    try statement.bind(12, Self.joined(example.missingFields))
    try statement.bind(13, placement.sourceRecord)
    try statement.bind(14, placement.inputFile)
    try statement.execute()
    let row = connection.lastInsertedRowID
    var rows: [Int64] = []
    for (offset, candidate) in example.candidates.enumerated() {
      rows.append(try add(candidate, to: row, position: offset))
    }
    if !example.verdicts.isEmpty {
      let judge = try judgeRow(judge, kind: .imported)
      for verdict in example.verdicts {
        try add(verdict, of: example, row: row, candidateRows: rows, judge: judge, run: run)
      }
    }
    return row
  }

  private static func json(_ object: JSONObject) -> [UInt8]? {
    guard !object.isEmpty else { return nil }
    var writer = JSONWriter()
    writer.append(object)
    return writer.bytes
  }

  private static func joined(_ names: [String]) -> String? {
    names.isEmpty ? nil : names.joined(separator: ",")
  }

  private func add(
    _ candidate: Candidate, to example: Int64, position: Int
  ) throws(SQLiteError) -> Int64 {
    let statement = try connection.prepare(
      """
      INSERT INTO candidates (example_id, position, model, decoding_method, text, scores,
        additional_fields, missing_fields) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      """)
    try statement.bind(1, example)
    try statement.bind(2, position)
    try statement.bind(3, candidate.model)
    try statement.bind(4, candidate.decodingMethod)
    try statement.bind(5, candidate.text)
    if let scores = candidate.scores {
      var writer = JSONWriter()
      writer.append(scores)
      try statement.bind(6, utf8: writer.bytes)
    } else {
      try statement.bindNull(6)
    }
    try statement.bind(7, utf8: Self.json(candidate.additionalFields))
    try statement.bind(8, Self.joined(candidate.missingFields))
    try statement.execute()
    return connection.lastInsertedRowID
  }

  private func add(
    _ verdict: PairVerdict, of example: Example, row: Int64, candidateRows: [Int64], judge: Int64,
    run: Int64
  ) throws(SQLiteError) {
    // The first candidate of a model stands for it, as in the published code.
    func candidate(_ model: String) -> Int64? {
      example.candidates.firstIndex { $0.model.utf8.elementsEqual(model.utf8) }
        .map { candidateRows[$0] }
    }
    guard let a = candidate(verdict.modelA), let b = candidate(verdict.modelB), a != b else {
      return
    }
    let statement = try connection.prepare(
      """
      INSERT INTO verdicts (example_id, judge_id, candidate_a, candidate_b, verdict, run_id)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET verdict = excluded.verdict
      """)
    try statement.bind(1, row)
    try statement.bind(2, judge)
    try statement.bind(3, a)
    try statement.bind(4, b)
    try statement.bind(5, verdict.verdict.rawValue)
    try statement.bind(6, run)
    try statement.execute()
  }
}
