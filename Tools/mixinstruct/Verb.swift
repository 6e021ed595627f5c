import CommandLineParsing

/// One verb of the command line: its grammar and what it does.
protocol Verb: Sendable {
  /// Name, options, help and examples.
  static var definition: CommandDefinition { get }

  /// Does what the arguments say.
  ///
  /// - Parameters:
  ///   - arguments: the parsed command line.
  ///   - session: where messages, progress and results go.
  /// - Throws: what goes wrong; the application turns it into a line and an exit status.
  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws
}

/// Options that several verbs share.
enum CommonOptions {
  static let store = OptionDefinition.value(
    "store", "FILE", help: "The store, one SQLite file", short: "s", default: .required,
    completion: .files)
  /// For verbs that work on a store or on lines.
  static let storeOrLines = OptionDefinition.value(
    "store", "FILE", help: "The store, one SQLite file", short: "s",
    default: .described("lines are read"), completion: .files)
  static let wait = OptionDefinition.value(
    "wait", "SECONDS", help: "How long to wait for another process that writes to the store",
    default: .value("3600"))
  static let json = OptionDefinition.flag(
    "json",
    help: "Print a summary as JSON; to standard error where results go to standard output")
  static let quiet = OptionDefinition.flag("quiet", help: "Show no progress", short: "q")
  static let split = OptionDefinition.value(
    "split", "NAME", help: "Only this part of the dataset", allowed: ["train", "dev", "test"])

  /// For verbs that write to a store.
  static let writing = [store, wait, json, quiet]
  /// For verbs that only read a store.
  static let reading = [store, json, quiet]
}
