internal import DatasetStore
internal import JSON
internal import RecordFiles

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
      var status = summary.wasInterrupted ? RunStatus.interrupted : .finished
      if case .unavailable = summary.shortfall, !summary.wasInterrupted { status = .failed }
      try store.endRun(run, status, summary: summary.json)
      return summary
    } catch let error
      where (error as? StageError)?.isStop == true || (error as? RecordFileError)?.isStop == true
    {
      try? store.endRun(run, .interrupted, summary: [:])
      throw error
    } catch {
      // The first error is the one to report; a store that cannot be written is marked later.
      try? store.endRun(run, .failed, summary: ["error": .string("\(error)")])
      throw error
    }
  }
}
