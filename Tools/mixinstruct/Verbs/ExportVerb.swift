import CommandLineParsing
import DatasetStore
import Pipeline
import Records

/// Writes the dataset in the form that another tool reads.
enum ExportVerb: Verb {
  static let definition = CommandDefinition(
    "export", abstract: "Write the dataset as MixInstruct records.",
    discussion: """
      The output's name tells its form: .json is an array, .jsonl lines; .gz and .zst after it \
      compress. Records come in the order that the mix or the import gave. The file appears under \
      its name only when it is complete.
      """,
    group: "Dataset",
    options: [
      .value(
        "format", "NAME", help: "The form of the records", default: .value("mixinstruct"),
        allowed: ["mixinstruct"]),
      CommonOptions.split,
      .value(
        "output", "FILE", help: "Where to write", short: "o", default: .value("-"),
        completion: .files),
      .flag("hub", help: "Write cmp_results as a string, as in the published files"),
      .flag("native", help: "Write cmp_results as an object"),
      .value(
        "judge", "NAME", help: "Whose verdicts are written",
        default: .described("the imported ones, or else the judge with the most")),
      .value(
        "scores", "WHICH", help: "Which scores candidates are written with",
        default: .value("all"), allowed: MixInstructExport.ScoreChoice.allCases.map(\.rawValue)),
      .flag("indented", help: "Indent arrays by four, like the files of the reference"),
      .flag("without-candidates", help: "Leave out candidates and verdicts"),
    ] + CommonOptions.reading,
    examples: [
      CommandExample(
        "The test part as lines.",
        "mixinstruct export --store my.db --split test --output test.jsonl"),
      CommandExample(
        "Everything, compressed, in the hub's form.",
        "mixinstruct export --store my.db --hub --output all.jsonl.zst"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var export = MixInstructExport()
    // The only format so far; the grammar has checked it.
    _ = arguments.string("format")
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
    let path = try arguments.requiredString("output")
    if path == "-", arguments.flag("json") {
      throw arguments.refusal("'--json' prints where the records go: name a file with '--output'.")
    }
    let store = try session.store(arguments, .read)
    let summary = try export.run(
      to: path, from: store, session.context(arguments, items: "examples"))
    session.finish(summary, arguments)
  }
}
