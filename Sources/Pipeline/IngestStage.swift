package import DatasetStore
package import Ingestion
internal import JSON
internal import RecordFiles
package import Records

/// Ingests raw sources: instructions with their answers, from which a mix is drawn later.
package struct IngestStage {
  /// The layout of the files; `nil` detects it for each file.
  package var dialect: Dialect?
  /// The source's name; `nil` for the dialect's own.
  package var source: Source?
  /// The licence; `nil` for the dialect's own.
  package var license: String?
  /// Where a plain record's parts stand.
  package var mapping: FieldMapping?
  /// Whether HTML is removed from ShareGPT's turns.
  package var cleansHTML = false
  /// Whether one broken record stops the reading of its file.
  package var isStrict = false

  /// An ingestion with the usual options.
  package init() {}

  /// Ingests files, each from where it was left.
  ///
  /// - Parameters:
  ///   - paths: the files; `-` is standard input, whose format must be named.
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `IngestionError`, `RecordFileError`, `SQLiteError`, ``StageError``.
  package func run(
    _ paths: [String], into store: Store, _ context: StageContext
  ) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      var summary = StageSummary()
      for name in ["read", "kept", "dropped"] { summary[name] = 0 }
      for path in paths {
        let dialect = try dialect ?? detect(path, &summary)
        let settings = SourceReader.Settings(
          dialect, source: source, license: license, cleansHTML: cleansHTML, mapping: mapping)
        var options: JSONObject = ["format": .string(dialect.rawValue)]
        if let source { options["source"] = .string(source.rawValue) }
        if cleansHTML { options["clean_html"] = true }
        let intake = FileIntake<SourceInterpreter>(
          store: store, context: context, run: run, isStrict: isStrict, options: options)
        try intake.read(path, summary: &summary) { file, known in
          try plan(settings, file: file, known: known, store: store)
        }
        if summary.wasInterrupted { break }
      }
      return summary
    }
  }

  private func plan(
    _ settings: SourceReader.Settings, file: String, known: InputFile?, store: Store
  ) throws -> FileIntake<SourceInterpreter>.Plan {
    let counters: SourceCounters
    if let state = known?.readerState?.object {
      counters = try SourceCounters(json: state)
    } else {
      // Several files of one source continue its numbering.
      let name = try SourceReader(settings).source
      counters =
        try store.lastReaderState(of: name).map { try SourceCounters(json: $0) }
        ?? SourceCounters()
    }
    let sourceReader = try SourceReader(settings, counters: counters)
    return FileIntake.Plan(
      format: settings.dialect.rawValue, source: sourceReader.source.rawValue,
      interpreter: SourceInterpreter(file: file, reader: sourceReader)
    ) { record, file in
      try store.add(record, file: file.id)
    }
  }

  private func detect(_ path: String, _ summary: inout StageSummary) throws -> Dialect {
    guard !RecordFileReader.isStream(path) else {
      throw StageError.invalid(
        "\(path == "-" ? "standard input" : path) is read only once, so its format must be named: "
          + "--format " + Dialect.allCases.map(\.rawValue).joined(separator: ", "))
    }
    var detector = DialectDetector()
    let reader = try RecordFileReader(path: path)
    let parser = JSONParser()
    while !detector.isSatisfied {
      do {
        guard try reader.advance() else { break }
      } catch {
        guard error.isRecoverable else { break }
        continue
      }
      // A broken record says nothing of the format; it is reported when the file is read.
      try? unsafe reader.withRecord { bytes in
        try unsafe parser.parse(padded: bytes) { detector.observe($0) }
      }
    }
    switch detector.verdict {
    case .dialect(let dialect):
      summary.notes.append("\(path): \(detector.explanation)")
      return dialect
    case .mixInstruct, .unknown:
      throw StageError.invalid("\(path): \(detector.explanation)")
    }
  }
}

/// Reads the records of a raw source.
private struct SourceInterpreter: RecordInterpreter {
  let file: String
  var reader: SourceReader

  var state: JSONValue? { .object(reader.counters.json) }

  mutating func interpret(
    _ element: JSONElement, at location: Diagnostic.Location
  ) -> RecordInterpretation<SourceRecord> {
    switch reader.read(element, at: location, in: file) {
    case .record(let record): .value(record)
    case .skipped(let rule, let reason):
      .dropped(
        .unused(
          file: file, location: location, recordID: element["id"]?.string, rule: rule,
          reason: reason))
    case .malformed(let diagnostic): .dropped(diagnostic)
    }
  }
}
