package import DatasetStore
internal import JSON
internal import RecordFiles
package import Records
internal import SQLite
internal import VerdictImport

/// Imports the outputs of AlpacaEval: answers of models to instructions.
///
/// An answer joins the example that has its instruction as prompt; where there is none, an example
/// without a reference answer is made.
package struct OutputImportStage {
  /// The part of the dataset that new examples belong to.
  package var split: Split?

  /// An import with the usual options.
  package init() {}

  /// Imports files; an answer that is there already is left alone.
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
      for name in ["read", "kept", "already there", "new examples", "dropped"] {
        summary[name] = 0
      }
      let lookup = ExampleLookup(store)
      var numbers: [String: Int] = [:]
      for path in paths where !summary.wasInterrupted {
        let reader = try RecordFileReader(path: path, isCancelled: context.isCancelled)
        var waiting: [ImportedOutput] = []
        func refuse(_ diagnostic: Diagnostic) {
          summary["dropped"] += 1
          summary["dropped: \(diagnostic.rule)"] += 1
          context.note(diagnostic)
        }
        func flush() throws {
          try store.connection.transaction {
            for output in waiting {
              try add(output, to: store, lookup, run: run, &numbers, &summary)
            }
          }
          waiting.removeAll(keepingCapacity: true)
          context.report(.init(done: reader.bytesRead, total: reader.totalBytes, isBytes: true))
        }
        do {
          _ = try reader.forEachPythonRecord { element, location in
            summary["read"] += 1
            do throws(VerdictImportError) {
              waiting.append(try ImportedOutput.read(element))
            } catch {
              refuse(
                Diagnostic(
                  file: path, location: location, rule: error.rule, message: error.description))
            }
            guard waiting.count == 500 else { return }
            try flush()
            if context.isCancelled() { throw Cancelled() }
          } broken: { diagnostic in
            refuse(diagnostic)
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
    _ output: ImportedOutput, to store: Store, _ lookup: ExampleLookup, run: Int64,
    _ numbers: inout [String: Int], _ summary: inout StageSummary
  ) throws {
    var example = try lookup.examples(.instruction(output.instruction)).first
    if example == nil {
      let dataset = output.dataset ?? "alpacaeval"
      var number = numbers[dataset] ?? 0
      var id = ""
      repeat {
        number += 1
        id = "\(dataset)/\(number)"
      } while try store.connection.integer("SELECT 1 FROM examples WHERE id = ?", .text(id)) != nil
      numbers[dataset] = number
      let row = try store.add(
        PreparedExample(
          Example(id: id, instruction: output.instruction, input: ""),
          placement: .init(split: split, source: dataset)), run: run)
      lookup.added(output.instruction, row: row)
      example = row
      summary["new examples"] += 1
    }
    guard let example else { return }
    if let known = try lookup.candidate(output.model, of: example) {
      summary[
        ExampleLookup.isSame(known.text, output.text) ? "already there" : "model has another answer"
      ] += 1
      return
    }
    _ = try store.addCandidate(output.text, model: output.model, example: example)
    summary["kept"] += 1
  }
}
