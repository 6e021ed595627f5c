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
      Rows are the models and the ways to choose among them: random, oracles, best metric, every \
      ranking that 'rank' wrote, and the fused answers, which rank among the models without \
      taking a place from them. The output's name tells its form: .txt, .md, .csv, .json or .html, a page of its own with charts.
      """,
    group: "Results",
    options: [
      CommonOptions.split,
      .value(
        "ranking", "NAME", help: "How verdicts become ranks", default: .value("max-logits"),
        allowed: PairwiseScoring.allCases.map(\.rawValue)),
      .value(
        "against", "LIST", help: "The models of the columns '>= X'",
        default: .described("the two best"), repetition: .commaSeparated),
      .value(
        "at-least", "WHICH", help: "What the columns '>= X' go by", default: .value("verdict"),
        allowed: EvaluationOptions.Standing.allCases.map(\.rawValue)),
      .value(
        "scorer", "SIGNATURE",
        help:
          "Which way to score is shown of a metric that has several: a signature, or a part of it that no other has",
        default: .described("the one with the most scores"), repetition: .repeated),
      .value(
        "unjudged", "NAME", help: "What examples without a verdict count for",
        default: .value("exclude"),
        allowed: EvaluationOptions.UnjudgedExamples.allCases.map(\.rawValue)),
      .invertibleFlag(
        "corpus", isOnByDefault: true,
        help: "Score each model's answers as a corpus too: BLEU, chrF, diversity"),
      .value(
        "corpus-sample", "N", help: "The most answers of a model that diversity is computed over",
        default: .value("1000")),
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
      CommonOptions.store, CommonOptions.json, CommonOptions.quiet,
    ] + VerdictArguments.options,
    examples: [
      CommandExample("Tables in the terminal.", "mixinstruct evaluate --store my.db"),
      CommandExample(
        "The table of the paper: shares of examples at least as good as two models.",
        "mixinstruct evaluate --store my.db --split test --against vicuna-13b-1.1,oasst-sft-4-pythia-12b-epoch-3.5 --unjudged rank-all-first"
      ),
      CommandExample(
        "A page with charts.", "mixinstruct evaluate --store my.db --output report.html"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = EvaluateStage()
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    (stage.selection, stage.options.ties) = try VerdictArguments.read(arguments)
    stage.scorers = arguments.list("scorer")
    stage.options.title = try arguments.requiredString("title")
    stage.options.standing =
      arguments.string("at-least").flatMap(EvaluationOptions.Standing.init(rawValue:)) ?? .verdict
    stage.options.unjudged =
      arguments.string("unjudged").flatMap(EvaluationOptions.UnjudgedExamples.init(rawValue:))
      ?? .exclude
    let sample = try arguments.requiredInt("corpus-sample", in: 0...100_000)
    stage.corpusSample = arguments.flag("corpus") ? sample : nil
    stage.options.ranking =
      arguments.string("ranking").flatMap(PairwiseScoring.init(rawValue:)) ?? .maxLogits
    let against = arguments.list("against")
    if !against.isEmpty { stage.options.referenceModels = against }
    stage.options.bootstrapReplicates = try arguments.requiredInt("bootstrap", in: 0...100_000)
    stage.options.seed = UInt64(try arguments.requiredInt("seed", in: 0...))
    let path = try arguments.requiredString("output")
    let form =
      arguments.string("format").flatMap(Form.init(rawValue:)) ?? Form(path: path) ?? .text
    let isJSON = arguments.flag("json")
    if isJSON, path == "-", arguments.isGiven("format"), form != .json {
      throw arguments.refusal(
        "'--json' and '--format \(form.rawValue)' both write to standard output: name a file with "
          + "'--output'.")
    }
    let store = try session.store(arguments, .read)
    let report = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.endProgress()
    if path != "-" {
      try OutputFile.write(render(report, as: form), to: path)
      session.message("evaluate: wrote \(path)")
    } else if !isJSON {
      session.write(render(report, as: form))
    }
    if isJSON { session.write(report.json.json() + "\n") }
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
