import CommandLineParsing
import DatasetStore
import Evaluation
import JSON
import Pipeline
import Records
import TerminalOutput
import Tokenizers

/// Prints the table of sources.
enum StatsVerb: Verb {
  private enum Form: String, CaseIterable {
    case text
    case markdown
    case csv
  }

  static let definition = CommandDefinition(
    "stats", abstract: "Print the table of sources: examples and mean lengths.",
    group: "Dataset",
    options: [
      CommonOptions.split,
      .value(
        "tokenizer", "MODEL",
        help: "A folder or a pulled model whose tokenizer counts lengths",
        default: .described("words"), completion: .folders),
      .value(
        "format", "NAME", help: "The form of the table", default: .value("text"),
        allowed: Form.allCases.map(\.rawValue)),
    ] + CommonOptions.reading,
    examples: [
      CommandExample("The whole dataset.", "mixinstruct stats --store my.db"),
      CommandExample(
        "In tokens, for a paper.",
        "mixinstruct stats --store my.db --tokenizer ./alpaca-native --format markdown"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = StatsStage()
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    if let folder = try arguments.modelFolder("tokenizer") {
      stage.counter = try Tokenizer(folder: folder)
      stage.unit = "tokens"
    }
    let form = arguments.string("format").flatMap(Form.init(rawValue:)) ?? .text
    let store = try session.store(arguments, .read)
    let statistics = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.endProgress()
    if arguments.flag("json") {
      session.write(statistics.json.json() + "\n")
      return
    }
    switch form {
    case .text: session.write(TextRenderer(width: Terminal.width(1)).text(statistics.table))
    case .markdown: session.write(MarkdownRenderer().text(statistics.table))
    case .csv: session.write(CSVRenderer().text(statistics.table))
    }
  }
}
