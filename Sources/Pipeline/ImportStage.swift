package import DatasetStore
internal import JSON
internal import RecordFiles
package import Records

/// Imports MixInstruct records: examples with their candidates, scores and verdicts.
package struct ImportStage {
  /// The part of the dataset that the records belong to; `nil` tells it from each file's name.
  package var split: Split?
  /// The name that the records' verdicts are kept under.
  package var judge = "imported"
  /// What the records' judge is; `nil` for `imported`.
  package var kind: JudgeKind?
  /// Whether one broken record stops the import of its file.
  package var isStrict = false

  /// An import with the usual options.
  package init() {}

  /// Imports files, each from where it was left.
  ///
  /// - Parameters:
  ///   - paths: the files; `-` is standard input.
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `RecordFileError`, `SQLiteError`, ``StageError``.
  package func run(
    _ paths: [String], into store: Store, _ context: StageContext
  ) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      var summary = StageSummary()
      for name in ["read", "kept", "dropped"] { summary[name] = 0 }
      if let kind { _ = try JudgeNames.row(judge, kind: kind, isAsked: true, store) }
      for path in paths {
        let split = split ?? Self.split(fromNameOf: path)
        var options: JSONObject = ["judge": .string(judge)]
        if let split { options["split"] = .string(split.rawValue) }
        let intake = FileIntake<ExampleInterpreter>(
          store: store, context: context, run: run, isStrict: isStrict, options: options)
        try intake.read(path, summary: &summary) { file, _ in
          .init(
            format: "mixinstruct", interpreter: ExampleInterpreter(file: file, split: split)
          ) { example, file in
            try store.add(example, inputFile: file.id, judge: judge, run: run)
          }
        }
        if summary.wasInterrupted { break }
      }
      return summary
    }
  }

  /// `train_data.json`, `val_data_prepared.jsonl`, `dev.jsonl.gz`… name their split.
  static func split(fromNameOf path: String) -> Split? {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    let words = name.split { !$0.isLetter }.map(String.init)
    if words.contains("train") { return .train }
    if words.contains("val") || words.contains("dev") || words.contains("validation") {
      return .dev
    }
    return words.contains("test") ? .test : nil
  }
}

/// Reads MixInstruct records and makes them ready for the store.
private struct ExampleInterpreter: RecordInterpreter {
  let file: String
  let split: Split?

  var state: JSONValue? { nil }

  func interpret(
    _ element: JSONElement, at location: Diagnostic.Location
  ) -> RecordInterpretation<PreparedExample> {
    let reading: Example.Reading
    do throws(RecordError) {
      reading = try Example.read(element)
    } catch {
      return .dropped(
        Diagnostic(
          file: file, location: location, recordID: element["id"]?.string, rule: error.rule,
          message: error.description))
    }
    let example = reading.example
    let placement = Store.Placement(
      split: split, source: Self.source(fromID: example.id),
      license: example.additionalFields["license"]?.string)
    return .value(
      PreparedExample(example, placement: placement),
      findings: reading.findings.map {
        Diagnostic(
          file: file, location: location, recordID: example.id, rule: $0.rule,
          message: $0.description)
      })
  }

  /// The identifiers of MixInstruct begin with the name of their source.
  private static func source(fromID id: String) -> String? {
    let prefixes = [
      ("unified_chip2/", Source.gpt4All), ("laion/unified_chip2/", .gpt4All),
      ("itwgpt4/", .alpacaGPT4), ("dolly_15k/", .dolly), ("sharegpt/", .shareGPT),
    ]
    return prefixes.first { id.hasPrefix($0.0) }?.1.rawValue
  }
}
