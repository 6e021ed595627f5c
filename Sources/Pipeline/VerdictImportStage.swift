package import DatasetStore
internal import JSON
internal import RecordFiles
internal import Records
internal import SQLite
package import VerdictImport

/// Imports verdicts of other tools on candidates that a store has.
package struct VerdictImportStage {
  /// What the files are.
  package let format: VerdictFormat
  /// The name the verdicts are kept under; `nil` takes the one each verdict brings.
  package var judge: String?

  /// An import of one format.
  package init(format: VerdictFormat) { self.format = format }

  /// Imports files; a verdict of the same judge on the same ordered pair is replaced.
  ///
  /// - Parameters:
  ///   - paths: the files; `-` is standard input.
  ///   - store: the store, open for writing.
  ///   - context: who runs it.
  /// - Returns: the counts.
  /// - Throws: `RecordFileError`, `SQLiteError`.
  package func run(
    _ paths: [String], into store: Store, _ context: StageContext
  ) throws -> StageSummary {
    try StageRun.record(in: store, context) { run in
      var summary = StageSummary()
      for name in ["read", "kept", "without example", "without candidate"] { summary[name] = 0 }
      for path in paths {
        var importer = VerdictImporter(format: format, file: path)
        let reader = try RecordFileReader(path: path, isCancelled: context.isCancelled)
        try reader.forEachRecord { element, location in
          try context.stopIfCancelled("nothing of \(path) was stored")
          importer.add(element, at: location)
        } broken: { diagnostic in
          summary["dropped"] += 1
          context.note(diagnostic)
        }
        for diagnostic in importer.diagnostics { context.note(diagnostic) }
        try store.connection.transaction {
          for verdict in importer.verdicts {
            try context.stopIfCancelled("nothing of \(path) was stored")
            summary["read"] += 1
            try add(verdict, to: store, run: run, &summary)
          }
        }
        if importer.assumedTieCount > 0 {
          summary["ties taken as Same good"] += importer.assumedTieCount
        }
      }
      return summary
    }
  }

  private func add(
    _ verdict: ImportedVerdict, to store: Store, run: Int64, _ summary: inout StageSummary
  ) throws {
    let example: Int64?
    switch verdict.subject {
    case .id(let id):
      example = try store.connection.integer(
        "SELECT example_id FROM examples WHERE id = ? ORDER BY occurrence", .text(id))
    case .instruction(let text):
      example = try store.connection.integer(
        """
        SELECT example_id FROM examples WHERE ?1 IN (instruction, input, instruction || char(10)
          || input) ORDER BY position
        """, .text(text))
    }
    guard let example else {
      summary["without example"] += 1
      return
    }
    guard let a = try candidate(verdict.modelA, of: example, store),
      let b = try candidate(verdict.modelB, of: example, store), a != b
    else {
      summary["without candidate"] += 1
      return
    }
    // Turns of a conversation beyond the first are about other texts than the candidates.
    guard verdict.turn ?? 1 == 1 else {
      summary["of a later turn"] += 1
      return
    }
    let row = try store.judgeRow(judge ?? verdict.judge, kind: .imported)
    try store.add(
      NewVerdict(
        example: example, candidateA: a, candidateB: b, verdict: verdict.verdict,
        preference: verdict.preference, problem: verdict.problem, raw: verdict.raw),
      judge: row, run: run)
    summary["kept"] += 1
  }

  private func candidate(_ model: String, of example: Int64, _ store: Store) throws -> Int64? {
    try store.connection.integer(
      "SELECT candidate_id FROM candidates WHERE example_id = ? AND model = ? ORDER BY position",
      .integer(example), .text(model))
  }
}
