internal import DatasetStore
internal import Exporting
internal import Foundation
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite

// MARK: The dataset card

extension ExportJob {
  /// The card of a folder, `README.md`.
  ///
  /// - Parameter folder: the folder; it need not exist.
  /// - Returns: the card's path.
  /// - Throws: ``StageError`` when a file stands there that is not such a card.
  package static func card(ofFolder folder: String) throws -> String {
    let path = folder + (folder.utf8.last == UInt8(ascii: "/") ? "" : "/") + "README.md"
    if let bytes = FileManager.default.contents(atPath: path),
      !String(decoding: bytes, as: UTF8.self).contains(DatasetCard.origin)
    {
      throw StageError.invalid(
        "\(path) is not a dataset card of this program and is not replaced; "
          + "'--card FILE' writes the card elsewhere")
    }
    return path
  }

  /// Writes the card of an export; the file is never half-written.
  func writeCard(
    to path: String, files: [File], losses: LossCounts, _ store: Store, _ context: StageContext
  ) throws {
    let card = try card(at: path, files: files, losses: losses, store, context)
    try OutputFile.write(card.text, to: path)
  }

  private func card(
    at path: String, files: [File], losses: LossCounts, _ store: Store, _ context: StageContext
  ) throws -> DatasetCard {
    let parts = files.map(\.split)
    let origins = try origins(of: parts, store)
    let models = try models(of: parts, store)
    let examples = origins.reduce(0) { $0 + $1.count }
    let answers = models.reduce(0) { $0 + $1.count }
    let fields: [ExportField]
    var tags = ["mixinstruct"]
    let what: String
    switch form {
    case .mixInstruct(let export):
      what = "MixInstruct records"
      fields = ExportField.mixInstruct + (export.withProvenance ? ExportField.provenance : [])
      if !export.withoutCandidates, answers > 0 { tags.append("model-comparison") }
    case .preferences(let export):
      what = "records of the format \(export.format.rawValue)"
      fields = export.format.fields
      let isPreference = [.pairs, .tasks].contains(export.format.material)
      tags.append(isPreference ? "preference" : "instruction")
    }
    return DatasetCard(
      title: title,
      summary: "\(Self.counted(examples, "example")) as \(what), with "
        + "\(Self.counted(answers, "answer")) of \(Self.counted(models.count, "model")).",
      tags: tags,
      files: files.map {
        DatasetCard.File(
          split: $0.split, path: Self.relative($0.path, to: path), count: $0.records)
      },
      origins: origins, models: models, judging: try judging(store), fields: fields,
      losses: losses, commands: try commands(store), programVersion: context.version)
  }

  private static func counted(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  /// The path of a file as the card's reader sees it: relative when both are in one folder.
  private static func relative(_ file: String, to card: String) -> String {
    func parts(_ path: String) -> [String] {
      URL(filePath: path).standardizedFileURL.pathComponents
    }
    let (folder, target) = (parts(card).dropLast(), parts(file))
    return target.starts(with: folder)
      ? target.dropFirst(folder.count).joined(separator: "/") : file
  }

  /// Runs a question for each exported part and adds the counts up by name.
  private func counts(
    _ sql: String, of parts: [Split?], _ store: Store
  ) throws -> [(name: String?, license: String?, count: Int)] {
    var counts: [(name: String?, license: String?, count: Int)] = []
    for part in parts {
      try store.connection.query(sql, SQLiteValue(part?.rawValue)) { row in
        let (name, license) = (row.optionalText(0), row.optionalText(1))
        let place = counts.firstIndex { $0.name == name && $0.license == license } ?? counts.count
        if place == counts.count { counts.append((name, license, 0)) }
        counts[place].count += row.int(2)
      }
    }
    return counts
  }

  private func origins(of parts: [Split?], _ store: Store) throws -> [DatasetCard.Origin] {
    try counts(
      """
      SELECT source, license, count(*) FROM examples WHERE ?1 IS NULL OR split = ?1
      GROUP BY source, license ORDER BY count(*) DESC, source, license
      """, of: parts, store
    ).map { DatasetCard.Origin(name: $0.name ?? "unknown", count: $0.count, license: $0.license) }
  }

  private func models(of parts: [Split?], _ store: Store) throws -> [DatasetCard.Model] {
    try counts(
      """
      SELECT model, NULL, count(*) FROM candidates JOIN examples USING (example_id)
      WHERE ?1 IS NULL OR split = ?1 GROUP BY model ORDER BY min(candidate_id)
      """, of: parts, store
    ).map { DatasetCard.Model(name: $0.name ?? "unknown", count: $0.count) }
  }

  private func judging(_ store: Store) throws -> [String] {
    try store.judges().filter { $0.verdicts + $0.unparsed > 0 }.map { judge in
      let kind =
        switch judge.kind {
        case .llm: "a prompted language model"
        case .human: "people"
        case .ranker: "a trained ranker"
        case .metric: "a metric"
        case .imported: "imported with the records or from another tool"
        case .derived: "derived by rule, not judged"
        }
      return "\(judge.name) (\(kind)): \(Self.counted(judge.verdicts, "verdict"))"
        + (judge.unparsed > 0 ? ", \(Self.counted(judge.unparsed, "unparsable answer"))" : "")
    }
  }

  /// The command lines that made the dataset, from the record of runs, then this one.
  private func commands(_ store: Store) throws -> [String] {
    var commands: [String] = []
    try store.connection.query(
      """
      SELECT arguments FROM runs WHERE verb NOT LIKE 'export%' AND status <> 'failed'
      ORDER BY run_id
      """
    ) { row in
      let words = (try? JSONValue(json: row.text(0)).array)?.compactMap(\.string) ?? []
      let line = Self.commandLine(words)
      // A run that was stopped and went on is one command to people.
      if commands.last != line { commands.append(line) }
    }
    return commands + [Self.commandLine(command)]
  }

  private static func commandLine(_ words: [String]) -> String {
    words.map { word in
      let isPlain =
        !word.isEmpty
        && word.unicodeScalars.allSatisfy {
          $0.properties.isAlphabetic || ("0"..."9").contains($0)
            || "_-./:=,@%+".unicodeScalars.contains($0)
        }
      if isPlain { return word }
      return "'"
        + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
        + "'"
    }.joined(separator: " ")
  }
}
