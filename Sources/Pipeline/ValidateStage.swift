package import DatasetStore
internal import Evaluation
internal import JSON
internal import Mixing
internal import RecordFiles
internal import Records
internal import SQLite

/// Checks a store, or files of MixInstruct records: integrity, form, duplicates, verdicts, leakage.
package struct ValidateStage {
  /// How many findings of each rule are listed.
  package var listed = 20
  /// The similarity from which prompts in different splits count as leakage; `nil` looks for equal
  /// ones only.
  package var nearDuplicates: Double?

  /// A validation with the usual options.
  package init() {}

  /// Checks a store.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the findings.
  /// - Throws: `SQLiteError`, `JSONError`.
  package func run(on store: Store, _ context: StageContext) throws -> ValidationFindings {
    var checks = try RecordChecks(limit: listed)
    try checkTables(of: store, &checks.findings)
    let judges = try Judges(store)
    let reader = try ExampleReader(store)
    let conversations = try ConversationLookup(store)
    let total = try store.connection.integer("SELECT count(*) FROM examples") ?? 0
    while let stored = try reader.next() {
      if checks.findings.records % 256 == 0 {
        context.report(.init(done: checks.findings.records, total: Int(total)))
        try context.stopIfCancelled("the store was only read")
      }
      let verdicts = try reader.verdicts(of: stored)
      checks.add(
        RecordChecks.Record(
          example: stored.example, json: stored.example.json(), split: stored.split,
          conversation: try conversations.conversation(of: stored),
          verdicts: judges.pairVerdicts(verdicts, of: stored.example).verdicts,
          judgments: judges.judgments(verdicts, of: stored.example)))
    }
    checks.finish()
    if let nearDuplicates {
      try checkSimilarPrompts(from: nearDuplicates, store, &checks.findings)
    }
    return checks.findings
  }

  /// Checks files of MixInstruct records, all of them as one dataset.
  ///
  /// - Parameters:
  ///   - paths: the files; `-` is standard input. A file's name tells its split.
  ///   - context: who runs it.
  /// - Returns: the findings.
  /// - Throws: `RecordFileError`.
  package func run(onFiles paths: [String], _ context: StageContext) throws -> ValidationFindings {
    var checks = try RecordChecks(limit: listed)
    var ids: Set<ContentHash> = []
    for path in paths {
      let split = ImportStage.split(fromNameOf: path)
      let reader = try RecordFileReader(path: path, isCancelled: context.isCancelled)
      try reader.forEachRecord { element, location in
        if checks.findings.records % 256 == 0 {
          context.report(.init(done: checks.findings.records))
          try context.stopIfCancelled("the files were only read")
        }
        let reading: Example.Reading
        do throws(RecordError) {
          reading = try Example.read(element)
        } catch {
          checks.findings.records += 1
          checks.findings.add(
            Diagnostic(
              file: path, location: location, recordID: element["id"]?.string, rule: "schema",
              message: error.description), .error)
          return
        }
        let example = reading.example
        func add(_ rule: String, _ message: String) {
          checks.findings.add(
            Diagnostic(
              file: path, location: location, recordID: example.id, rule: rule, message: message),
            .error)
        }
        for finding in reading.findings { add(finding.rule, finding.description) }
        if !ids.insert(ContentHash(example.id)).inserted {
          add("repeated-id", "an earlier record has this id")
        }
        checks.add(
          RecordChecks.Record(
            example: example, json: element.value.object ?? [:], split: split,
            conversation: ConversationLookup.conversation(fromID: example.id),
            verdicts: example.verdicts,
            judgments: example.verdicts.map {
              Judgment(
                judge: "cmp_results", shownFirst: $0.modelA, shownSecond: $0.modelB,
                verdict: $0.verdict)
            }, file: path, location: location))
      } broken: { diagnostic in
        checks.findings.add(diagnostic, .error)
      }
    }
    checks.finish()
    return checks.findings
  }
}

/// Tells what examples were cut from.
private final class ConversationLookup {
  private let connection: Connection

  init(_ store: Store) throws { connection = try store.makeReader() }

  /// The conversation of a mixed example, or the one that the identifier of an imported one tells.
  func conversation(of stored: StoredExample) throws -> String? {
    let known = try connection.first(
      """
      SELECT r.source || char(10) || r.conversation FROM examples e JOIN source_records r
        USING (source_record_id) WHERE e.example_id = ? AND r.conversation IS NOT NULL
      """, .integer(stored.row)
    ) { $0.text(0) }
    return known ?? Self.conversation(fromID: stored.example.id)
  }

  /// ShareGPT's split files name the parts of a long conversation `sharegpt/ID_0`, `sharegpt/ID_3`…
  static func conversation(fromID id: String) -> String? {
    guard id.hasPrefix("sharegpt/"), let place = id.utf8.lastIndex(of: UInt8(ascii: "_")) else {
      return nil
    }
    let number = id.utf8[id.utf8.index(after: place)...]
    guard !number.isEmpty, number.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return String(id[..<place])
  }
}
