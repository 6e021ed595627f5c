internal import DatasetStore
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite

/// Finds the answers that files name by example and model.
enum PairFile {
  /// Two answers of an example.
  struct Pair {
    let example: Int64
    let a: Int64
    let b: Int64
  }

  /// Reads a file of pairs as `select` writes it, in its order.
  ///
  /// - Parameters:
  ///   - path: the file: records with `id`, `model_a` and `model_b`.
  ///   - store: the store that has the answers.
  /// - Returns: the pairs.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError/malformed(_:)``.
  static func pairs(_ path: String, in store: Store) throws -> [Pair] {
    var pairs: [Pair] = []
    try RecordFileReader(path: path).forEachRecord { element, location in
      pairs.append(try pair(element.value.object ?? [:], path, location, in: store.connection))
    } broken: { diagnostic in
      throw StageError.malformed(diagnostic.description)
    }
    return pairs
  }

  /// The pair that a record names.
  static func pair(
    _ record: JSONObject, _ path: String, _ location: Diagnostic.Location?,
    in connection: Connection
  ) throws -> Pair {
    guard let id = record["id"]?.string, let a = record["model_a"]?.string,
      let b = record["model_b"]?.string, !a.utf8.elementsEqual(b.utf8)
    else {
      throw refusal(
        "expected the texts 'id', 'model_a' and 'model_b', two different models", path, location)
    }
    guard let pair = try pair(id: id, a, b, in: connection) else {
      throw refusal(
        "the store has no answers of '\(a)' and '\(b)' to '\(id)'", path, location, id: id)
    }
    return pair
  }

  /// The answers of two models to the first example of an identifier that has both.
  static func pair(
    id: String, _ a: String, _ b: String, in connection: Connection
  ) throws -> Pair? {
    guard let found = try answers(id: id, [a, b], in: connection) else { return nil }
    return Pair(example: found.example, a: found.candidates[0], b: found.candidates[1])
  }

  /// The answers of models to the first example of an identifier that has all of them.
  static func answers(
    id: String, _ models: [String], in connection: Connection
  ) throws -> (example: Int64, candidates: [Int64])? {
    var examples: [Int64] = []
    try connection.query(
      "SELECT example_id FROM examples WHERE id = ? ORDER BY occurrence", .text(id)
    ) { examples.append($0.int64(0)) }
    for example in examples {
      let rows = try models.compactMap { model in
        try connection.integer(
          """
          SELECT candidate_id FROM candidates WHERE example_id = ? AND model = ? ORDER BY position
          """, .integer(example), .text(model))
      }
      if rows.count == models.count { return (example, rows) }
    }
    return nil
  }

  /// What is wrong with a record of a file.
  static func refusal(
    _ message: String, _ path: String, _ location: Diagnostic.Location?, id: String? = nil
  ) -> StageError {
    .malformed(
      Diagnostic(file: path, location: location, recordID: id, rule: "pair", message: message)
        .description)
  }
}
