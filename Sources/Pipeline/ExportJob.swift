package import DatasetStore
internal import Exporting
internal import Glibc
internal import JSON
internal import RecordFiles
package import Records
internal import SQLite

/// An export of one or several parts of the dataset, which appear together, with a dataset card.
package struct ExportJob {
  /// What the records look like.
  package enum Form {
    /// MixInstruct's own records.
    case mixInstruct(MixInstructExport)
    /// Records of another tool.
    case preferences(PreferenceExport)
  }

  /// What the records look like.
  package var form: Form
  /// Where they go.
  package var target: ExportTarget
  /// Only this part; `nil` for all.
  package var split: Split?
  /// Where a dataset card goes; `nil` writes none.
  package var card: String?
  /// The card's title.
  package var title = "Dataset"
  /// Where the card's own command line comes from.
  package var command: [String] = []

  /// An export.
  package init(form: Form, target: ExportTarget) {
    self.form = form
    self.target = target
  }

  /// One file that was written.
  struct File {
    let path: String
    let split: Split?
    let records: Int
  }

  /// Writes the files, and the card when there is to be one.
  ///
  /// Every file is complete before the first one appears under its name.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the counts of all parts together, and what could not be carried.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``.
  package func run(from store: Store, _ context: StageContext) throws -> StageSummary {
    var summary = StageSummary()
    var losses = LossCounts()
    var writers: [RecordFileWriter] = []
    var files: [File] = []
    defer { for writer in writers { writer.abandon() } }
    let parts = try parts(of: store, &summary)
    if let folder = target.folder { try Self.makeFolder(folder) }
    for part in parts {
      let path = target.file(of: part)
      let one = try export(part, to: path, from: store, context, &losses) { writer in
        try writer.finish()
        writers.append(writer)
      }
      for count in one.counts { summary[count.name] += count.value }
      for note in one.notes where !summary.notes.contains(note) { summary.notes.append(note) }
      files.append(File(path: path, split: part, records: writers.last?.count ?? 0))
    }
    try addRemainder(to: &summary, losses, parts, store)
    for writer in writers { try writer.close() }
    if let card {
      try writeCard(to: card, files: files, losses: losses, store, context)
      summary.notes.append("the card is \(card)")
    }
    summary.details["files"] = .array(try files.map { try Self.json($0) })
    return summary
  }

  private func export(
    _ part: Split?, to path: String, from store: Store, _ context: StageContext,
    _ losses: inout LossCounts, close: (RecordFileWriter) throws -> Void
  ) throws -> StageSummary {
    switch form {
    case .mixInstruct(var export):
      export.split = part
      return try export.run(to: path, from: store, context, close: close)
    case .preferences(var export):
      export.split = part
      return try export.run(to: path, from: store, context, losses: &losses, close: close)
    }
  }

  /// The parts that get a file: those with examples, unless one was named; one `nil` for all.
  private func parts(of store: Store, _ summary: inout StageSummary) throws -> [Split?] {
    guard target.isSplit, split == nil else { return [split] }
    var counts: [Split?: Int] = [:]
    try store.connection.query("SELECT split, count(*) FROM examples GROUP BY split") { row in
      counts[row.optionalText(0).flatMap(Split.init(rawValue:))] = row.int(1)
    }
    let parts = [Split.train, .dev, .test].filter { counts[$0] != nil }
    guard !parts.isEmpty else { return [nil] }
    if let left = counts[nil] {
      summary["without split"] = left
      summary.notes.append("\(left) examples belong to no split and are in none of the files")
    }
    return parts
  }

  private static func makeFolder(_ folder: String) throws {
    guard unsafe mkdir(folder, 0o755) != 0, errno != EEXIST else { return }
    throw RecordFileError.system(operation: "create", file: folder, code: errno)
  }

  private static func json(_ file: File) throws -> JSONValue {
    var object: JSONObject = [
      "path": .string(file.path), "split": file.split.map { .string($0.rawValue) } ?? .null,
      "records": .integer(Int64(file.records)),
    ]
    if file.path != "-" {
      let fingerprint = try FileFingerprint(path: file.path)
      object["bytes"] = .integer(Int64(fingerprint.byteCount))
      object["xxh128"] = .string(fingerprint.hash.description)
    }
    return .object(object)
  }

  /// Says what the files do not hold, with counts.
  private func addRemainder(
    to summary: inout StageSummary, _ losses: LossCounts, _ parts: [Split?], _ store: Store
  ) throws {
    for loss in losses.sorted { summary["not carried: \(loss.reason.rawValue)"] = loss.count }
    guard case .mixInstruct(let export) = form else { return }
    func count(_ name: String, _ sql: String, minus written: Int = 0) throws {
      var sum = -written
      for part in parts {
        sum += Int(
          try store.connection.integer(
            "SELECT count(*) FROM \(sql) AND (?1 IS NULL OR e.split = ?1)",
            SQLiteValue(part?.rawValue)) ?? 0)
      }
      if sum > 0 { summary["not carried: \(name)"] = sum }
    }
    if !export.withoutCandidates {
      let written = summary["verdicts"]
      try count(
        "verdict of another judge",
        "verdicts v JOIN examples e USING (example_id) WHERE verdict IS NOT NULL", minus: written)
      try count(
        "unparsable verdict", "verdicts v JOIN examples e USING (example_id) WHERE verdict IS NULL")
      try count(
        "rank",
        "ranks JOIN candidates USING (candidate_id) JOIN examples e USING (example_id) WHERE true")
    }
    if !export.withProvenance {
      try count(
        "source or licence (--provenance writes them)",
        "examples e WHERE (license IS NOT NULL OR source IS NOT NULL)")
    }
  }
}
