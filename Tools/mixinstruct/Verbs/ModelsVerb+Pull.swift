import CommandLineParsing
import JSON
import ModelHub
import Pipeline
import ProcessSignals
import TerminalOutput

extension ModelsVerb {
  /// Downloads a model and prints its folder.
  static func pull(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var pull = ModelPull(
      reference: try referenceWithRevision(arguments),
      selection: FileSelection(
        included: arguments.list("include"), excluded: arguments.list("exclude")),
      userAgent: "\(Program.definition.name)/\(Program.definition.version)")
    pull.concurrency = try arguments.requiredInt("jobs", in: 1...64)
    let settings = try HubSettings()
    let context = session.context(arguments)
    let start = ContinuousClock.now
    let outcome = try pull.run(
      settings,
      report: { progress in
        let files = "\(QuantityFormat.count(progress.doneFiles))/\(progress.totalFiles) files"
        context.report(
          .init(
            done: progress.doneBytes, total: progress.totalBytes, isBytes: true, detail: files))
      },
      note: { session.message($0) },
      isCancelled: { [interrupt = session.interrupt] in
        interrupt.isRaised
      })
    session.endProgress()
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    if arguments.flag("json") {
      let summary: JSONObject = [
        "model": .string(pull.reference.name.text), "commit": .string(outcome.commit),
        "path": .string(outcome.folder), "files": .integer(Int64(outcome.files)),
        "bytes": .integer(Int64(outcome.bytes)),
        "received_bytes": .integer(Int64(outcome.receivedBytes)),
        "from_cache": .bool(outcome.isFromCache), "seconds": .double(seconds),
      ]
      session.write(summary.json() + "\n")
      return
    }
    session.message(summary(of: outcome, seconds: seconds))
    session.write(outcome.folder + "\n")
  }

  private static func summary(of outcome: ModelPull.Outcome, seconds: Double) -> String {
    let size =
      "\(QuantityFormat.count(outcome.files)) files, \(QuantityFormat.bytes(outcome.bytes))"
    if outcome.isFromCache { return "models pull: \(size); offline: the hub was not asked" }
    if outcome.receivedBytes == 0 { return "models pull: \(size); all was there" }
    let received = QuantityFormat.bytes(outcome.receivedBytes)
    let rate = QuantityFormat.bytes(Int(Double(outcome.receivedBytes) / max(seconds, 0.001)))
    return """
      models pull: \(size); \(received) downloaded in \(QuantityFormat.duration(seconds)), \(rate)/s
      """
  }
}
