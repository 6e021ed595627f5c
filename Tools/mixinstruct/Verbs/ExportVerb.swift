import CommandLineParsing
import DatasetStore
import Exporting
import Pipeline
import Records

/// Writes the dataset in the form that another tool reads.
enum ExportVerb: Verb {
  static let definition = CommandDefinition(
    "export", abstract: "Write the dataset as MixInstruct records or in a preference format.",
    discussion: """
      The output's name tells its form: .json is an array, .jsonl lines; .gz and .zst after it \
      compress. Records come in the order that the mix or the import gave. The file appears under \
      its name only when it is complete.
      """,
    group: "Dataset",
    options: [
      .value(
        "format", "NAME", help: "The form of the records", default: .value("mixinstruct"),
        allowed: ["mixinstruct"] + ExportFormat.allCases.map(\.rawValue)),
      CommonOptions.split,
      .value(
        "output", "FILE", help: "Where to write", short: "o", default: .value("-"),
        completion: .files),
      .value(
        "judge", "NAME", help: "Whose verdicts are written",
        default: .described("the imported ones, or else the judge with the most")),
    ]
      + [
        OptionDefinition.flag(
          "hub", help: "Write cmp_results as a string, as in the published files"),
        .flag("native", help: "Write cmp_results as an object"),
        .value(
          "scores", "WHICH", help: "Which scores candidates are written with",
          default: .value("all"), allowed: MixInstructExport.ScoreChoice.allCases.map(\.rawValue)),
        .flag("indented", help: "Indent arrays by four, like the files of the reference"),
        .flag("without-candidates", help: "Leave out candidates and verdicts"),
      ].inGroup("MixInstruct")
      + [
        OptionDefinition.value(
          "by", "WHAT",
          help: "What orders the candidates: gpt-rank, verdicts, or the name of a metric",
          default: .value("gpt-rank")),
        .value(
          "pairs", "POLICY", help: "Which pairs are made of an order",
          default: .value("best-vs-worst"), allowed: Binarization.allCases.map(\.rawValue)),
        .value(
          "margin", "X", help: "The least difference of a pair's scores", default: .value("0")),
        .value("seed", "N", help: "Where chance starts", default: .value("42")),
        .value(
          "answer", "WHICH", help: "The answer of formats with one answer",
          default: .value("reference"), allowed: Exporter.Answer.allCases.map(\.rawValue)),
      ].inGroup("Preference formats") + CommonOptions.reading,
    examples: [
      CommandExample(
        "The test part as lines.",
        "mixinstruct export --store my.db --split test --output test.jsonl"),
      CommandExample(
        "Everything, compressed, in the hub's form.",
        "mixinstruct export --store my.db --hub --output all.jsonl.zst"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let format = try arguments.requiredString("format")
    let path = try arguments.requiredString("output")
    if path == "-", arguments.flag("json") {
      throw arguments.refusal("'--json' prints where the records go: name a file with '--output'.")
    }
    let context = session.context(arguments, items: "examples")
    let summary: StageSummary
    if let format = ExportFormat(rawValue: format) {
      let export = try preferences(format, arguments)
      summary = try export.run(to: path, from: try session.store(arguments, .read), context)
    } else {
      let export = try mixInstruct(arguments)
      summary = try export.run(to: path, from: try session.store(arguments, .read), context)
    }
    session.finish(summary, arguments)
  }

  private static func mixInstruct(_ arguments: ParsedArguments) throws -> MixInstructExport {
    var export = MixInstructExport()
    export.split = arguments.string("split").flatMap(Split.init(rawValue:))
    let hub = arguments.flag("hub")
    let native = arguments.flag("native")
    if hub && native { throw arguments.refusal("'--hub' and '--native' exclude each other.") }
    export.comparisonForm = hub ? .string : native ? .object : nil
    export.judge = arguments.string("judge")
    export.scores =
      arguments.string("scores").flatMap(MixInstructExport.ScoreChoice.init(rawValue:)) ?? .all
    export.isIndented = arguments.flag("indented")
    export.withoutCandidates = arguments.flag("without-candidates")
    return export
  }

  private static func preferences(
    _ format: ExportFormat, _ arguments: ParsedArguments
  ) throws -> PreferenceExport {
    var export = PreferenceExport(format: format)
    export.split = arguments.string("split").flatMap(Split.init(rawValue:))
    export.judge = arguments.string("judge")
    let order = try arguments.requiredString("by")
    export.order =
      order == "gpt-rank" ? .gptRank : order == "verdicts" ? .verdicts : .metric(order)
    export.binarizer = PairBinarizer(
      policy: arguments.string("pairs").flatMap(Binarization.init(rawValue:)) ?? .bestVersusWorst,
      minimalMargin: try arguments.requiredDouble("margin", in: 0...),
      seed: UInt64(try arguments.requiredInt("seed", in: 0...)))
    export.answer =
      arguments.string("answer").flatMap(Exporter.Answer.init(rawValue:)) ?? .reference
    return export
  }
}
