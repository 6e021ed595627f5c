internal import JSON
package import Records
internal import SQLite

/// Reads the examples of a store in the order of the dataset, one at a time.
///
/// A reader keeps one read transaction, so it sees the store as it was when it was made. Verdicts are
/// read per example through ``verdicts(of:)``.
package final class ExampleReader {
  /// Which examples are read.
  package struct Selection: Sendable {
    /// Only this part of the dataset; `nil` for all.
    package var split: Split?
    /// Only examples after this position.
    package var after: Int64 = -1

    /// A selection; everything unless said.
    package init(split: Split? = nil, after: Int64 = -1) {
      self.split = split
      self.after = after
    }
  }

  private let connection: Connection
  private let examples: Statement
  private let candidates: Statement
  private let verdictStatement: Statement
  private let parser = JSONParser()
  private var isFinished = false

  /// The position of the example read last.
  package private(set) var position: Int64 = -1

  /// Opens a reader.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - selection: which examples.
  /// - Throws: `SQLiteError`.
  package convenience init(_ store: Store, _ selection: Selection = Selection()) throws {
    try self.init(store.makeReader(), selection)
  }

  /// Opens a reader that needs no open store, for a thread of its own.
  ///
  /// - Parameters:
  ///   - place: the place of a store that was opened before, so that it is known to be one.
  ///   - selection: which examples.
  /// - Throws: `SQLiteError`.
  package convenience init(_ place: Store.Place, _ selection: Selection) throws {
    try self.init(place.makeReader(), selection)
  }

  private init(_ connection: Connection, _ selection: Selection) throws {
    self.connection = connection
    // A store that is open for reading is one snapshot already.
    if !connection.isInTransaction { try connection.execute("BEGIN") }
    examples = try connection.makeStatement(
      """
      SELECT example_id, id, source, split, instruction, input, output, license, comparison_form,
        additional_fields, missing_fields, position
      FROM examples WHERE position > ?1 AND (?2 IS NULL OR split = ?2) ORDER BY position
      """)
    try examples.bind(1, selection.after)
    try examples.bind(2, selection.split?.rawValue)
    candidates = try connection.makeStatement(
      """
      SELECT candidate_id, model, decoding_method, text, scores, additional_fields, missing_fields
      FROM candidates WHERE example_id = ? ORDER BY position
      """)
    verdictStatement = try connection.makeStatement(
      """
      SELECT judge_id, candidate_a, candidate_b, verdict, logit, preference FROM verdicts
      WHERE example_id = ? ORDER BY verdict_id
      """)
  }

  /// The next example with its candidates.
  ///
  /// - Returns: the example; `nil` at the end, however often it is asked for.
  /// - Throws: `SQLiteError`; `JSONError` when a column does not hold the JSON it should.
  package func next() throws -> StoredExample? {
    // A statement that is stepped beyond its end starts anew.
    guard !isFinished else { return nil }
    guard try examples.step() else {
      isFinished = true
      return nil
    }
    position = examples.int64(11)
    var example = Example(
      id: examples.text(1), instruction: examples.text(4), input: examples.text(5),
      output: examples.optionalText(6),
      comparisonForm: examples.optionalText(8).map { $0 == "object" ? .object : .string },
      additionalFields: try object(examples, 9) ?? [:])
    example.missingFields = names(examples, 10)
    var stored = StoredExample(
      row: examples.int64(0), split: examples.optionalText(3).flatMap(Split.init(rawValue:)),
      source: examples.optionalText(2), license: examples.optionalText(7), example: example,
      candidateRows: [])
    try readCandidates(into: &stored)
    return stored
  }

  private func readCandidates(into stored: inout StoredExample) throws {
    candidates.reset()
    try candidates.bind(1, stored.row)
    while try candidates.step() {
      var candidate = Candidate(
        model: candidates.text(1), decodingMethod: candidates.optionalText(2),
        text: candidates.text(3), scores: try object(candidates, 4),
        additionalFields: try object(candidates, 5) ?? [:])
      candidate.missingFields = names(candidates, 6)
      stored.example.candidates.append(candidate)
      stored.candidateRows.append(candidates.int64(0))
    }
  }

  private func object(_ row: Statement, _ column: Int32) throws -> JSONObject? {
    guard !row.isNull(column) else { return nil }
    return try unsafe row.withBytes(column) { bytes in
      try unsafe parser.parse(bytes) { $0.value.object }
    }
  }

  private func names(_ row: Statement, _ column: Int32) -> [String] {
    row.optionalText(column).map { $0.split(separator: ",").map(String.init) } ?? []
  }

  /// The verdicts on an example, oldest first.
  ///
  /// - Parameter stored: an example of this reader.
  /// - Returns: the verdicts, by place of the candidates in the example.
  /// - Throws: `SQLiteError`.
  package func verdicts(of stored: StoredExample) throws -> [StoredVerdict] {
    verdictStatement.reset()
    try verdictStatement.bind(1, stored.row)
    var verdicts: [StoredVerdict] = []
    while try verdictStatement.step() {
      let row = verdictStatement
      guard let a = stored.candidateRows.firstIndex(of: row.int64(1)),
        let b = stored.candidateRows.firstIndex(of: row.int64(2))
      else { continue }
      verdicts.append(
        StoredVerdict(
          judge: row.int64(0), candidateA: a, candidateB: b,
          verdict: row.optionalText(3).flatMap(Verdict.init(rawValue:)),
          logit: row.optionalDouble(4), preference: row.optionalDouble(5)))
    }
    return verdicts
  }

  /// The computed scores of a candidate.
  ///
  /// - Parameter candidate: the row of the candidate.
  /// - Returns: value by row of the scorer.
  /// - Throws: `SQLiteError`.
  package func scores(of candidate: Int64) throws -> [Int64: Double] {
    try Store.scores(of: candidate, on: connection)
  }
}
