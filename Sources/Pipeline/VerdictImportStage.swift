package import DatasetStore
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite
package import VerdictImport

/// Imports verdicts of other tools on examples that a store has.
package struct VerdictImportStage {
  /// What the files are.
  package let format: VerdictFormat
  /// The name the verdicts are kept under; `nil` takes the one each verdict brings. Where a record
  /// has verdicts of several judges, it stands before their own names.
  package var judge: String?
  /// What the judges are; `nil` takes what the format says, else `imported`.
  package var kind: JudgeKind?
  /// Whether answers that an example lacks are taken from the file.
  package var addsCandidates = false
  /// The question of Argilla's records that holds the verdicts; `nil` tells it.
  package var question: String?

  /// An import of one format.
  package init(format: VerdictFormat) { self.format = format }

  /// How many records are stored together.
  private static let batch = 500

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
      for name in ["read", "kept", "without example", "without candidate"] { summary[name] = 0 }
      let lookup = ExampleLookup(store)
      for path in paths where !summary.wasInterrupted {
        let importer = VerdictImporter(format: format, file: path, question: question)
        let reader = try RecordFileReader(path: path, isCancelled: context.isCancelled)
        var waiting: [ImportedVerdict] = []
        var records = 0
        func flush() throws {
          try store.connection.transaction {
            for verdict in waiting { try add(verdict, to: store, lookup, run: run, &summary) }
          }
          waiting.removeAll(keepingCapacity: true)
          context.report(
            .init(done: reader.bytesRead, total: reader.totalBytes, isBytes: true))
        }
        func refuse(_ diagnostic: Diagnostic) {
          if diagnostic.rule != "failed-judgment" {
            summary["dropped"] += 1
            summary["dropped: \(diagnostic.rule)"] += 1
          }
          context.note(diagnostic)
        }
        do {
          let repaired = try reader.forEachPythonRecord { element, location in
            let reading = importer.read(element, at: location)
            for diagnostic in reading.diagnostics { refuse(diagnostic) }
            waiting += named(reading.verdicts)
            if reading.isUnanswered { summary["unanswered"] += 1 }
            if reading.withoutStatus > 0 {
              summary["without status, taken as submitted"] += reading.withoutStatus
            }
            records += 1
            guard records % Self.batch == 0 else { return }
            try flush()
            if context.isCancelled() { throw Cancelled() }
          } broken: { diagnostic in
            refuse(diagnostic)
          }
          try flush()
          if repaired > 0 { summary["with NaN"] += repaired }
        } catch is Cancelled {
          summary.wasInterrupted = true
        }
      }
      if summary["without candidate"] > 0, !addsCandidates {
        summary.notes.append(
          "answers that are not in the store can be taken from the file with --add-candidates")
      }
      return summary
    }
  }

  private struct Cancelled: Error {}

  /// The verdicts under the judges' names that they are kept under.
  private func named(_ verdicts: [ImportedVerdict]) -> [ImportedVerdict] {
    guard let judge else { return verdicts }
    let isShared =
      format.isOfPeople || Set(verdicts.map { Array($0.judge.utf8) }).count > 1
    return verdicts.map { verdict in
      var verdict = verdict
      verdict.judge = isShared ? "\(judge)/\(verdict.judge)" : judge
      return verdict
    }
  }

  private func add(
    _ verdict: ImportedVerdict, to store: Store, _ lookup: ExampleLookup, run: Int64,
    _ summary: inout StageSummary
  ) throws {
    summary["read"] += 1
    // Turns of a conversation beyond the first are about other texts than the candidates.
    guard verdict.turn ?? 1 == 1 else {
      summary["of a later turn"] += 1
      return
    }
    let examples = try lookup.examples(verdict.subject)
    guard !examples.isEmpty else {
      summary["without example"] += 1
      return
    }
    // Where several examples have one prompt, the first one with both answers is meant.
    var reason = "without candidate"
    for example in examples {
      let a = try place(verdict.modelA, verdict.textA, in: example, store, lookup, &reason)
      let b = try place(verdict.modelB, verdict.textB, in: example, store, lookup, &reason)
      guard let a, let b, a != b else { continue }
      if verdict.isTieKindAssumed { summary["ties taken as Same good"] += 1 }
      let kind = kind ?? verdict.kind.map { $0 == .human ? .human : .llm } ?? .imported
      let judge = try JudgeNames.row(verdict.judge, kind: kind, isAsked: self.kind != nil, store)
      try store.add(
        NewVerdict(
          example: example, candidateA: a, candidateB: b, verdict: verdict.verdict,
          preference: verdict.preference, problem: verdict.problem, raw: verdict.raw),
        judge: judge, run: run)
      summary["kept"] += 1
      return
    }
    summary[reason] += 1
  }

  /// The row of the candidate that was judged, which is added when that is wanted.
  private func place(
    _ model: String?, _ text: String?, in example: Int64, _ store: Store, _ lookup: ExampleLookup,
    _ reason: inout String
  ) throws -> Int64? {
    guard let model else {
      let found = try text.map { try lookup.candidates(withText: $0, of: example) } ?? []
      if found.count > 1 { reason = "on a text of several candidates" }
      return found.count == 1 ? found.first : nil
    }
    if let known = try lookup.candidate(model, of: example) {
      guard let text, !ExampleLookup.isSame(text, known.text) else { return known.row }
      // A verdict on another text says nothing about this one.
      reason = "on another text"
      return nil
    }
    guard addsCandidates, let text else { return nil }
    return try store.addCandidate(text, model: model, example: example)
  }
}

/// Names of judges and what they are.
enum JudgeNames {
  /// The row of a judge, made when it is new.
  ///
  /// - Throws: ``StageError/invalid(_:)`` when a kind was asked for and the judge is another one.
  static func row(
    _ name: String, kind: JudgeKind, isAsked: Bool, _ store: Store
  ) throws -> Int64 {
    let row = try store.judgeRow(name, kind: kind)
    guard isAsked else { return row }
    let known = try store.connection.text(
      "SELECT kind FROM judges WHERE judge_id = ?", .integer(row))
    guard known == kind.rawValue else {
      throw StageError.invalid(
        "the judge '\(name)' is of kind \(known ?? "") in this store, not \(kind.rawValue): "
          + "choose another name with --judge")
    }
    return row
  }
}
