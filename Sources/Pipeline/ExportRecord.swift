internal import DatasetStore
internal import SQLite

/// Records an export as a run of its store, so that it can be made again from the record.
package enum ExportRecord {
  /// Records a finished export. Exports only read, so a store that cannot be written, or that another
  /// process writes to, is left alone.
  ///
  /// - Parameters:
  ///   - summary: what was exported; a note is added when it could not be recorded.
  ///   - path: the store.
  ///   - context: who ran it.
  package static func add(
    _ summary: inout StageSummary, to path: String, _ context: StageContext
  ) {
    do {
      let store = try Store(
        path: path, access: .write, verb: context.verb, waiting: Store.Waiting(seconds: 0))
      let run = try store.beginRun(
        verb: context.verb, arguments: context.arguments, version: context.version)
      try store.endRun(
        run, summary.wasInterrupted ? .interrupted : .finished, summary: summary.json)
    } catch {
      summary.notes.append("the store does not record this export: \(error)")
    }
  }
}
