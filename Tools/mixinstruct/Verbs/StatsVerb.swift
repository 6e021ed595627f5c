import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import Records
import TerminalOutput
import Tokenizers

/// Prints the table of sources.
enum StatsVerb: Verb {
  static let definition = CommandDefinition(
    "stats", abstract: "Print the table of sources: examples and mean lengths.",
    group: "Dataset",
    options: [
      CommonOptions.split,
      .value(
        "tokenizer", "DIR", help: "The folder of a tokenizer that counts lengths",
        default: .described("words"), completion: .folders),
    ] + CommonOptions.reading,
    examples: [CommandExample("The whole dataset.", "mixinstruct stats --store my.db")])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = StatsStage()
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    var unit = "words"
    if let folder = arguments.string("tokenizer") {
      stage.counter = try Tokenizer(folder: folder)
      unit = "tokens"
    }
    let store = try session.store(arguments, .read)
    let rows = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.endProgress()
    if arguments.flag("json") {
      session.write(json(rows, unit).json() + "\n")
      return
    }
    var table = TextTable([
      .text("Source"), .number("Examples"), .number("Input \(unit)"), .number("Output \(unit)"),
      .number("Candidates"),
    ])
    var total = StatsStage.Row(source: "Total")
    for row in rows {
      table.append(cells(row))
      total.examples += row.examples
      total.inputLength += row.inputLength
      total.outputLength += row.outputLength
      total.candidates += row.candidates
    }
    table.append(cells(total))
    for line in table.lines() { session.write(line + "\n") }
  }

  private static func cells(_ row: StatsStage.Row) -> [String] {
    [
      row.source, QuantityFormat.count(row.examples),
      QuantityFormat.fixed(row.meanInput, digits: 1),
      QuantityFormat.fixed(row.meanOutput, digits: 1), QuantityFormat.count(row.candidates),
    ]
  }

  private static func json(_ rows: [StatsStage.Row], _ unit: String) -> JSONObject {
    [
      "unit": .string(unit),
      "sources": .array(
        rows.map {
          [
            "source": .string($0.source), "examples": .integer(Int64($0.examples)),
            "mean_input": .double($0.meanInput), "mean_output": .double($0.meanOutput),
            "candidates": .integer(Int64($0.candidates)),
          ]
        }),
    ]
  }
}
