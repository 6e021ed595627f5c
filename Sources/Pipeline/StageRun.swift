internal import DatasetStore
internal import JSON

/// Records a stage as a run of the store: how it was called, how it ended, what it counted.
enum StageRun {
  /// Runs a stage between the two entries of its run.
  static func record(
    in store: Store, _ context: StageContext, _ body: (Int64) throws -> StageSummary
  ) throws -> StageSummary {
    let run = try store.beginRun(
      verb: context.verb, arguments: context.arguments, version: context.version)
    do {
      let summary = try body(run)
      try store.endRun(
        run, summary.wasInterrupted ? .interrupted : .finished, summary: summary.json)
      return summary
    } catch {
      // The first error is the one to report; a store that cannot be written is marked later.
      try? store.endRun(run, .failed, summary: ["error": .string("\(error)")])
      throw error
    }
  }
}
