import CommandLineParsing
import DatasetStore
import Glibc
import JSON
import ModelEndpoints
import Pipeline
import ProcessSignals
import Records
import TerminalOutput

/// One run of a verb: its progress bar, messages, summary and exit status.
final class CommandSession {
  /// The verb as typed.
  let verb: String
  /// The exit status so far; 0 unless something went wrong.
  var exitStatus: Int32 = 0

  private let words: [String]
  private let application: Application
  /// What stops long work.
  var interrupt: InterruptFlag { application.interrupt }
  /// What is tried again at model servers.
  var retryPolicy: RetryPolicy { application.retryPolicy }
  private var bar: ProgressBar?
  private var isDrawing = false

  init(verb: String, words: [String], application: Application) {
    self.verb = verb
    self.words = words
    self.application = application
  }

  /// Writes to standard output.
  func write(_ text: String) { application.output(text) }

  /// Writes a message of one line to standard error, above the progress bar.
  func message(_ text: String) {
    let text = DisplayWidth.printable(text)
    if let bar, isDrawing { bar.writeLine(text) } else { application.errorOutput(text + "\n") }
  }

  /// What a stage is given.
  ///
  /// - Parameters:
  ///   - arguments: the command line, for `--quiet`.
  ///   - items: what is counted, for the progress bar.
  /// - Returns: a context that draws progress and stops on Ctrl-C.
  func context(_ arguments: ParsedArguments, items: String = "records") -> StageContext {
    let progress = ProgressOutput.standardError(quiet: arguments.flag("quiet"))
    isDrawing = progress.isDrawn
    return StageContext(
      verb: verb, arguments: ["mixinstruct"] + words, version: Program.definition.version,
      report: { [unowned self] report in
        // Another total is another file: its bar starts anew.
        if let bar, bar.total != report.total { endProgress() }
        let bar =
          self.bar
          ?? ProgressBar(
            title: verb, total: report.total, startingAt: report.done,
            unit: report.isBytes ? .bytes : .items(items), output: progress)
        self.bar = bar
        bar.set(done: report.done, counts: report.detail)
      },
      note: { [unowned self] in message("warning: \($0)") },
      isCancelled: { [interrupt] in interrupt.isRaised })
  }

  /// Opens a store, telling whom it waits for.
  ///
  /// - Parameters:
  ///   - arguments: the command line, for `--store` and `--wait`.
  ///   - access: what is going to be done.
  /// - Returns: the store.
  /// - Throws: `StoreError`, `SQLiteError`, `UsageError`.
  func store(_ arguments: ParsedArguments, _ access: Store.Access) throws -> Store {
    let path = try arguments.requiredString("store")
    // Readers wait only for programs that lock everybody out, which no verb of ours does.
    let seconds = access == .read ? 30 : try arguments.int("wait", in: 0...86_400) ?? 3600
    return try Store(
      path: path, access: access, verb: verb,
      waiting: Store.Waiting(
        seconds: seconds,
        onWait: { [unowned self] in message("waiting for \($0), which holds \(path)…") },
        isCancelled: { [interrupt] in interrupt.isRaised }))
  }

  /// The command line, to be run again.
  private var command: String { ShellWords.line(["mixinstruct"] + words) }

  /// Ends a stage: clears the progress bar, shows the summary, says how to go on after Ctrl-C.
  ///
  /// - Parameters:
  ///   - summary: what the stage did.
  ///   - arguments: the command line, for `--json`.
  ///   - output: where the stage's own output went, if it had some.
  func finish(_ summary: StageSummary, _ arguments: ParsedArguments, besides output: String? = nil)
  {
    endProgress()
    if arguments.flag("json") {
      writeSummary(summary.json, besides: output)
    } else {
      for note in summary.notes { message(note) }
      let counts = summary.counts.map { "\(QuantityFormat.count($0.value)) \($0.name)" }
      if !counts.isEmpty { message("\(verb): " + counts.joined(separator: ", ")) }
    }
    if summary.wasInterrupted {
      message("stopped; \(summary.remainder). To go on: \(command)")
      exitStatus = interrupt.exitStatus
    } else if let shortfall = summary.shortfall {
      let style = TerminalStyle(descriptor: STDERR_FILENO)
      application.errorOutput(
        "\(style.failure("Error:")) \(DisplayWidth.printable(shortfall.message))\n")
      switch shortfall {
      case .unavailable:
        message("What was answered is kept. To ask for the rest: \(command)")
        exitStatus = Application.ExitStatus.unavailable
      case .malformed: exitStatus = Application.ExitStatus.badData
      }
    }
  }

  /// Writes a summary for machines: to standard output, or to standard error when results go to
  /// standard output.
  ///
  /// - Parameters:
  ///   - summary: the summary.
  ///   - output: where the results go, if there are some.
  func writeSummary(_ summary: JSONObject, besides output: String? = nil) {
    if output == "-" { message(summary.json()) } else { write(summary.json() + "\n") }
  }

  /// Clears the progress bar.
  func endProgress() {
    bar?.finish()
    bar = nil
  }
}
