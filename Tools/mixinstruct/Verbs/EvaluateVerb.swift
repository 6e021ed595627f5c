import CommandLineParsing
import DatasetStore
import Evaluation
import JSON
import Pipeline
import RecordFiles
import Records
import TerminalOutput

/// Prints the tables of the paper for what is in a store.
enum EvaluateVerb: Verb {
  private enum Form: String, CaseIterable {
    case text
    case markdown
    case csv
    case json
    case html

    init?(path: String) {
      let endings = [
        ".txt": Form.text, ".md": .markdown, ".csv": .csv, ".json": .json, ".html": .html,
      ]
      guard let form = endings.first(where: { path.hasSuffix($0.key) })?.value else { return nil }
      self = form
    }
  }

  static let definition = CommandDefinition(
    "evaluate", abstract: "Make the tables of metrics, ranks, win rates, correlations and judges.",
    discussion: """
      Rows are the models and the ways to choose among them: random, oracles, best metric. The \
      output's name tells its form: .txt, .md, .csv, .json or .html, a page of its own with charts.
      """,
    group: "Results",
    options: [
      CommonOptions.split,
      .value("judge", "NAME", help: "Only verdicts of this judge", default: .described("all")),
      .value(
        "ties", "NAME", help: "What ties are worth", default: .value("reference"),
        allowed: TiePolicy.allCases.map(\.rawValue)),
      .value(
        "ranking", "NAME", help: "How verdicts become ranks", default: .value("max-logits"),
        allowed: PairwiseScoring.allCases.map(\.rawValue)),
      .value(
        "against", "LIST", help: "The models of the columns '>= X'",
        default: .described("the two best"), repetition: .commaSeparated),
      .value("title", "TEXT", help: "The report's title", default: .value("Evaluation")),
      .value(
        "bootstrap", "N", help: "Bootstrap replicates for the intervals of Bradley-Terry",
        default: .value("0")),
      .value("seed", "N", help: "Where the bootstrap's chance starts", default: .value("42")),
      .value(
        "output", "FILE", help: "Where to write", short: "o", default: .value("-"),
        completion: .files),
      .value(
        "format", "NAME", help: "The form of the report", default: .described("told by the output"),
        allowed: Form.allCases.map(\.rawValue)),
      CommonOptions.store, CommonOptions.quiet,
    ],
    examples: [
      CommandExample("Tables in the terminal.", "mixinstruct evaluate --store my.db"),
      CommandExample(
        "A page with charts.", "mixinstruct evaluate --store my.db --output report.html"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = EvaluateStage()
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    stage.judge = arguments.string("judge")
    stage.options.title = try arguments.requiredString("title")
    stage.options.ties = arguments.string("ties").flatMap(TiePolicy.init(rawValue:)) ?? .reference
    stage.options.ranking =
      arguments.string("ranking").flatMap(PairwiseScoring.init(rawValue:)) ?? .maxLogits
    let against = arguments.list("against")
    if !against.isEmpty { stage.options.referenceModels = against }
    stage.options.bootstrapReplicates = try arguments.requiredInt("bootstrap", in: 0...100_000)
    stage.options.seed = UInt64(try arguments.requiredInt("seed", in: 0...))
    let path = try arguments.requiredString("output")
    let form =
      arguments.string("format").flatMap(Form.init(rawValue:)) ?? Form(path: path) ?? .text
    let store = try session.store(arguments, .read)
    let report = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.endProgress()
    let text = render(report, as: form)
    if path == "-" {
      session.write(text)
    } else {
      try OutputFile.write(text, to: path)
      session.message("evaluate: wrote \(path)")
    }
  }

  private static func render(_ report: EvaluationReport, as form: Form) -> String {
    switch form {
    case .text: TextRenderer(width: Terminal.width(1)).text(report)
    case .markdown: MarkdownRenderer().text(report)
    case .csv: report.tables.map { CSVRenderer().text($0) }.joined(separator: "\n")
    case .json: report.json.json() + "\n"
    case .html: HTMLRenderer().text(report)
    }
  }
}
