package import DatasetStore
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite

/// Imports verdicts that stand in a field like `cmp_results` of records whose examples a store has:
/// more judges of one dataset, labels that were derived, not judged.
package struct ComparisonImport {
  /// The field, such as `cmp_results`.
  package var field = "cmp_results"
  /// The name the verdicts are kept under.
  package var judge: String
  /// What the judge is.
  package var kind: JudgeKind?

  /// An import of verdicts under a judge's name.
  package init(judge: String) { self.judge = judge }

  /// Imports files; a verdict of the same judge on the same ordered pair is replaced.
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
      for name in ["read", "kept", "without example", "without verdicts"] { summary[name] = 0 }
      let row = try JudgeNames.row(
        judge, kind: kind ?? .imported, isAsked: kind != nil, store)
      for path in paths where !summary.wasInterrupted {
        let reader = try RecordFileReader(path: path, isCancelled: context.isCancelled)
        var waiting: [(id: String, value: JSONValue, location: Diagnostic.Location)] = []
        func note(_ id: String?, _ rule: String, _ message: String, _ place: Diagnostic.Location) {
          summary["dropped"] += 1
          summary["dropped: \(rule)"] += 1
          context.note(
            Diagnostic(file: path, location: place, recordID: id, rule: rule, message: message))
        }
        func flush() throws {
          try store.connection.transaction {
            for record in waiting {
              let findings = try add(
                record.id, record.value, judge: row, run: run, store, &summary)
              for finding in findings {
                note(record.id, finding.rule, finding.description, record.location)
              }
            }
          }
          waiting.removeAll(keepingCapacity: true)
          context.report(.init(done: reader.bytesRead, total: reader.totalBytes, isBytes: true))
        }
        do {
          _ = try reader.forEachPythonRecord { element, location in
            summary["read"] += 1
            let object = element.value.object ?? [:]
            guard let id = object["id"]?.string else {
              return note(nil, "missing-field", "'id' is missing, expected a string", location)
            }
            guard let value = object[field], !value.isNull else {
              summary["without verdicts"] += 1
              return
            }
            waiting.append((id, value, location))
            guard waiting.count == 500 else { return }
            try flush()
            if context.isCancelled() { throw Cancelled() }
          } broken: { diagnostic in
            summary["dropped"] += 1
            summary["dropped: \(diagnostic.rule)"] += 1
            context.note(diagnostic)
          }
          try flush()
        } catch is Cancelled {
          summary.wasInterrupted = true
        }
      }
      return summary
    }
  }

  private struct Cancelled: Error {}

  private func add(
    _ id: String, _ value: JSONValue, judge: Int64, run: Int64, _ store: Store,
    _ summary: inout StageSummary
  ) throws -> [RecordError] {
    let example = try store.connection.integer(
      "SELECT example_id FROM examples WHERE id = ? ORDER BY occurrence", .text(id))
    guard let example else {
      summary["without example"] += 1
      return []
    }
    var rows: [Int64] = []
    var record = Example(id: id, instruction: "", input: "")
    try store.connection.query(
      "SELECT candidate_id, model FROM candidates WHERE example_id = ? ORDER BY position",
      .integer(example)
    ) { row in
      rows.append(row.int64(0))
      record.candidates.append(Candidate(model: row.text(1), text: ""))
    }
    let findings = record.readComparisons(value)
    for verdict in record.verdicts {
      func row(_ model: String) -> Int64? {
        record.candidates.firstIndex { $0.model.utf8.elementsEqual(model.utf8) }.map { rows[$0] }
      }
      guard let a = row(verdict.modelA), let b = row(verdict.modelB), a != b else { continue }
      try store.add(
        NewVerdict(example: example, candidateA: a, candidateB: b, verdict: verdict.verdict),
        judge: judge, run: run)
      summary["kept"] += 1
    }
    return findings
  }
}
