package import DatasetStore
internal import JSON
package import Judging
internal import RecordFiles
internal import Records
internal import SQLite

/// Reads pairs that `select` wrote, or that somebody wrote by hand.
package enum PairListFile {
  /// Reads a file of pairs.
  ///
  /// - Parameters:
  ///   - path: the file: records with `id`, `model_a` and `model_b`.
  ///   - store: the store that has the candidates.
  /// - Returns: the pairs.
  /// - Throws: `RecordFileError`, `SQLiteError`; ``StageError/malformed(_:)`` for a record that names
  ///   no pair of the store.
  package static func read(_ path: String, for store: Store) throws -> PairList {
    var list = PairList()
    let connection = try store.makeReader()
    func refuse(_ message: String, _ location: Diagnostic.Location?, _ id: String?) -> StageError {
      .malformed(
        Diagnostic(file: path, location: location, recordID: id, rule: "pair", message: message)
          .description)
    }
    try RecordFileReader(path: path).forEachRecord { element, location in
      guard let id = element["id"]?.string, let a = element["model_a"]?.string,
        let b = element["model_b"]?.string
      else {
        throw refuse("expected the texts 'id', 'model_a' and 'model_b'", location, nil)
      }
      guard !a.utf8.elementsEqual(b.utf8) else {
        throw refuse("'\(a)' is named twice, expected two models", location, id)
      }
      for model in [a, b] {
        let found = try connection.integer(
          """
          SELECT count(*) FROM examples JOIN candidates USING (example_id)
          WHERE id = ? AND model = ?
          """, .text(id), .text(model))
        guard found ?? 0 > 0 else {
          throw refuse("the store has no candidate of '\(model)' there", location, id)
        }
      }
      list.add(id: id, a, b)
    } broken: { diagnostic in
      throw StageError.malformed(diagnostic.description)
    }
    return list
  }
}
