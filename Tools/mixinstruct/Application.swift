import Annotation
import AnnotationService
import Checkpoints
import CommandLineParsing
import DatasetStore
import Glibc
import Ingestion
import JSON
import Judging
import Metrics
import Mixing
import ModelEndpoints
import ModelHub
import NeuralMetrics
import Pipeline
import PretrainedModels
import ProcessSignals
import RecordFiles
import Reranking
import SQLite
import Tensors
import TerminalOutput
import Tokenizers

/// The program as a function of its arguments; tests call it in process.
struct Application {
  /// Exit statuses beside 0, from sysexits.h where it has one.
  enum ExitStatus {
    static let usage: Int32 = 64
    static let badData: Int32 = 65
    static let missingInput: Int32 = 66
    static let unavailable: Int32 = 69
    static let inputOutput: Int32 = 74
    static let held: Int32 = 75
    /// The reader of standard output went away; what a shell shows for `SIGPIPE`.
    static let closedPipe: Int32 = 141
  }

  private let standardOutput: StandardOutput
  /// Receives what goes to standard output.
  var output: (String) -> Void
  /// Receives what goes to standard error.
  var errorOutput: (String) -> Void = { Terminal.write($0, to: STDERR_FILENO) }

  /// What stops long work: Ctrl-C.
  var interrupt = InterruptFlag.process
  /// What is tried again at model servers; tests have no time to wait.
  var retryPolicy = RetryPolicy()

  /// An application that writes to the streams of the process.
  init() {
    let standardOutput = StandardOutput()
    self.standardOutput = standardOutput
    output = { standardOutput.write($0) }
  }

  /// Runs one command line.
  ///
  /// - Parameter words: the arguments after the program's name.
  /// - Returns: the exit status.
  func run(_ words: [String]) -> Int32 {
    let style = TerminalStyle(descriptor: STDERR_FILENO)
    do {
      let status = try perform(words)
      if let failure = standardOutput.failure { throw failure }
      return status
    } catch let error as UsageError {
      errorOutput(error.report(style: style))
      return ExitStatus.usage
    } catch let error as RecordFileError where error.isClosedPipe {
      // The reader has what it wanted, as in `export | head`.
      return ExitStatus.closedPipe
    } catch let error where interrupt.isRaised && Self.isStop(error) {
      let command = ShellWords.line(["mixinstruct"] + words)
      errorOutput(DisplayWidth.printable("stopped: \(error). To go on: \(command)") + "\n")
      return interrupt.exitStatus
    } catch {
      errorOutput("\(style.failure("Error:")) \(Self.line(error))\n")
      return Self.status(of: error)
    }
  }

  private func perform(_ words: [String]) throws -> Int32 {
    switch try Program.definition.parse(words) {
    case .version: output(Program.definition.versionLine + "\n")
    case .help(let path):
      let screen = HelpScreen(
        program: Program.definition, width: Terminal.width(STDOUT_FILENO),
        style: TerminalStyle(descriptor: STDOUT_FILENO))
      output(screen.text(path: path) ?? "")
    case .run(let path, let arguments):
      guard let verb = Program.verbs.first(where: { $0.definition.name == path.first }) else {
        return ExitStatus.usage
      }
      let session = CommandSession(
        verb: path.joined(separator: " "), words: words, application: self)
      try verb.run(arguments, session)
      // An option that was given and that nothing read would do nothing.
      assert(!arguments.unreadNames.contains(where: arguments.isGiven), "\(arguments.unreadNames)")
      return session.exitStatus
    }
    return 0
  }

  /// An error on one line, whatever of some file or server stands in it.
  private static func line(_ error: any Error) -> String {
    let line = DisplayWidth.printable("\(error)")
    return line.utf8.count <= 2000 ? line : line.prefix(1000) + "…"
  }

  /// Whether an error is what comes of a stop, when there was one.
  private static func isStop(_ error: any Error) -> Bool {
    switch error {
    case let error as StageError: error.isStop
    case let error as RecordFileError: error.isStop
    case let error as StoreError: if case .held = error { true } else { false }
    case let error as SQLiteError: error.isInterrupted
    case let error as HubError: error.isStop
    default: false
    }
  }

  private static func status(of error: any Error) -> Int32 {
    switch error {
    case let error as StoreError:
      switch error {
      case .missing, .notAFile: ExitStatus.missingInput
      case .held: ExitStatus.held
      case .cannotLock, .cannotWrite: ExitStatus.inputOutput
      case .notAStore, .newer: ExitStatus.badData
      }
    case let error as RecordFileError:
      switch error {
      case .notFound, .isDirectory, .permissionDenied: ExitStatus.missingInput
      case .diskFull, .system, .isDatabase, .stopped: ExitStatus.inputOutput
      default: ExitStatus.badData
      }
    case let error as SQLiteError:
      error.isInputOutput
        ? ExitStatus.inputOutput : error.isBusy ? ExitStatus.held : ExitStatus.badData
    case let error as StageError:
      switch error {
      case .brokenRecord, .malformed: ExitStatus.badData
      case .nothingToDo, .stopped, .invalid: ExitStatus.usage
      }
    case let error as TokenizerError:
      switch error {
      case .unreadable, .noModel: ExitStatus.missingInput
      default: ExitStatus.badData
      }
    case is DefaultRanker.Missing: ExitStatus.missingInput
    case let error as CheckpointError:
      switch error {
      case .notFound: ExitStatus.missingInput
      case .system: ExitStatus.inputOutput
      default: ExitStatus.badData
      }
    case let error as NeuralMetricsError:
      switch error {
      case .unreadable: ExitStatus.missingInput
      case .layer, .unknownLayer, .maximumLength: ExitStatus.usage
      default: ExitStatus.badData
      }
    case let error as HubError:
      switch error.category {
      case .usage: ExitStatus.usage
      case .badData: ExitStatus.badData
      case .missing: ExitStatus.missingInput
      case .unavailable: ExitStatus.unavailable
      case .inputOutput: ExitStatus.inputOutput
      case .held: ExitStatus.held
      }
    case let error as CheckpointError:
      switch error {
      case .notFound: ExitStatus.missingInput
      case .system(_, _, EACCES), .system(_, _, EPERM): ExitStatus.missingInput
      case .system: ExitStatus.inputOutput
      default: ExitStatus.badData
      }
    case is TableReadError: ExitStatus.inputOutput
    case is GenerationError: ExitStatus.usage
    case let error as RerankingError:
      switch error {
      case .needsBackbone, .unknownKind, .lengthTooShort: ExitStatus.usage
      default: ExitStatus.badData
      }
    case is AnnotationError, is AnnotationServiceError: ExitStatus.usage
    case is IngestionError, is RecipeError, is MetricsError, is JudgePromptError,
      is ConfigurationError:
      ExitStatus.usage
    default: ExitStatus.badData
    }
  }
}
