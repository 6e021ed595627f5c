internal import DatasetStore
internal import Evaluation
internal import JSON
internal import Records
internal import SQLite

/// The metrics of a report, each from one place only.
struct MetricColumns {
  /// One metric and where its values are.
  private struct Column {
    let name: String
    /// The row of the way to score; `nil` for imported scores.
    let scorer: Int64?
    let signature: String
    /// How many candidates have a value.
    let count: Int
    var higherIsBetter = true
  }

  private let columns: [Column]
  /// Sentences on metrics of which there is more than one way to score.
  let notes: [String]

  /// Chooses one way to score for each metric.
  ///
  /// Unless named, it is the one with the most scores, the first of equal ones, and imported scores only
  /// where no computed ones are as many.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - choices: signatures, or what only one signature contains.
  /// - Throws: `SQLiteError`; ``StageError/invalid(_:)`` for a choice that fits none or several.
  init(_ store: Store, choices: [String]) throws {
    var imported: [Column] = []
    try store.connection.query(
      """
      SELECT j.key, count(*) FROM candidates c, json_each(c.scores) j
      WHERE j.type IN ('integer', 'real') GROUP BY j.key ORDER BY min(c.candidate_id), min(j.id)
      """
    ) { row in
      imported.append(
        Column(
          name: row.text(0), scorer: nil, signature: "\(row.text(0)), imported", count: row.int(1)))
    }
    let computed = try store.scorers().filter { $0.count > 0 }.map {
      Column(
        name: $0.metric, scorer: $0.row, signature: $0.signature, count: $0.count,
        higherIsBetter: $0.higherIsBetter)
    }
    let all = computed + imported
    var chosen: [Column] = []
    for choice in choices {
      let column = try Self.column(choice, among: all)
      if let other = chosen.first(where: { $0.name == column.name }) {
        throw StageError.invalid(
          "two ways to score \(column.name) were named, expected one: '\(other.signature)' and "
            + "'\(column.signature)'")
      }
      chosen.append(column)
    }
    var columns: [Column] = []
    for column in all where !columns.contains(where: { $0.name == column.name }) {
      let own = all.filter { $0.name == column.name }
      let most = own.map(\.count).max()
      columns.append(
        chosen.first { $0.name == column.name } ?? own.first { $0.count == most } ?? column)
    }
    // Computed ones come first, as they are what the user asked for.
    self.columns = columns.filter { $0.scorer != nil } + columns.filter { $0.scorer == nil }
    notes = columns.compactMap { column in
      let others = all.filter { $0.name == column.name && $0.signature != column.signature }
      guard !others.isEmpty else { return nil }
      let list = others.map { "'\($0.signature)' (\($0.count))" }.joined(separator: ", ")
      return "\(column.name) is shown by '\(column.signature)' (\(column.count) scores); the store "
        + "has also \(list): --scorer chooses."
    }
  }

  private static func column(_ choice: String, among all: [Column]) throws(StageError) -> Column {
    if let exact = all.first(where: { $0.signature.utf8.elementsEqual(choice.utf8) }) {
      return exact
    }
    let similar = all.filter { !choice.isEmpty && $0.signature.contains(choice) }
    guard similar.count == 1, let column = similar.first else {
      let list = (similar.isEmpty ? all : similar).map { "'\($0.signature)'" }
      throw .invalid(
        (similar.isEmpty
          ? "there is no way to score '\(choice)': the store has "
          : "'\(choice)' fits several ways to score: ")
          + (list.isEmpty ? "none" : list.joined(separator: ", ")))
    }
    return column
  }

  /// The metrics for the tables.
  var descriptions: [MetricDescription] {
    columns.map {
      .standard($0.name, higherIsBetter: $0.higherIsBetter, signature: $0.signature)
    }
  }

  /// The values of an example, [metrics, candidates].
  func values(of stored: StoredExample, on connection: Connection) throws -> [[Double?]] {
    let candidates = stored.example.candidates
    var values = columns.map { _ in [Double?](repeating: nil, count: candidates.count) }
    let needsScores = columns.contains { $0.scorer != nil }
    for (place, row) in stored.candidateRows.enumerated() {
      let computed = needsScores ? try Store.scores(of: row, on: connection) : [:]
      for (index, column) in columns.enumerated() {
        values[index][place] =
          column.scorer.map { computed[$0] } ?? candidates[place].score(column.name)
      }
    }
    return values
  }
}
