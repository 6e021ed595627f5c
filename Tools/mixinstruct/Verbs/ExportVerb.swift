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
      compress. With {split} in the name each part of the dataset gets a file of its own; a folder, \
      which is a name that ends in a slash, gets {split}.jsonl and a dataset card, README.md. Records come in the order that the mix or \
      the import gave. Files appear under their names only when all of them are complete. The \
      command, its counts and the files' hashes are recorded in the store, so that the same files \
      can be made again. What a format cannot carry is counted. The formats argilla and \
      label-studio write pairs to be judged by people: models' verdicts are suggestions or \
      predictions, people's are responses or annotations.
      """,
    group: "Dataset",
    options: [
      .value(
        "format", "NAME", help: "The form of the records", default: .value("mixinstruct"),
        allowed: ["mixinstruct"] + ExportFormat.allCases.map(\.rawValue)),
      CommonOptions.split,
      .value(
        "output", "PATH", help: "A file, a name with {split} in it, or a folder/", short: "o",
        default: .value("-"), completion: .files),
      .value(
        "card", "FILE", help: "Write a dataset card with the Hub's header to this file",
        default: .described("README.md of a folder"), completion: .files),
      .value("title", "TEXT", help: "The card's title", default: .value("Dataset")),
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
        .flag("provenance", help: "Write the fields source and license too"),
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
        .value(
          "tasks", "WHICH", help: "With argilla and label-studio: which pairs become tasks",
          default: .value("judged"), allowed: Exporter.TaskChoice.allCases.map(\.rawValue)),
        .value(
          "pairs-file", "FILE",
          help: "With argilla and label-studio: exactly these pairs, as 'select' writes them",
          completion: .files),
        .value("seed", "N", help: "Where chance starts", default: .value("42")),
        .value(
          "answer", "WHICH", help: "The answer of formats with one answer",
          default: .value("reference"), allowed: Exporter.Answer.allCases.map(\.rawValue)),
      ].inGroup("Preference formats") + VerdictArguments.options + CommonOptions.reading,
    examples: [
      CommandExample(
        "The test part as lines.",
        "mixinstruct export --store my.db --split test --output test.jsonl"),
      CommandExample(
        "Everything, compressed, in the hub's form.",
        "mixinstruct export --store my.db --hub --output all.jsonl.zst"),
      CommandExample(
        "A folder for the Hub: a file for each split and a card.",
        "mixinstruct export --store my.db --format trl --output dpo/ --title 'My preferences'"),
      CommandExample(
        "Every pair as a task for people, in Label Studio.",
        "mixinstruct export --store my.db --format label-studio --tasks all --output tasks.json"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let path = try arguments.requiredString("output")
    let format = ExportFormat(rawValue: try arguments.requiredString("format"))
    let context = session.context(arguments, items: "examples")
    var job = ExportJob(
      form: try form(format, arguments), target: ExportTarget(path))
    job.split = arguments.string("split").flatMap(Split.init(rawValue:))
    job.card = try arguments.string("card") ?? job.target.folder.map(ExportJob.card(ofFolder:))
    job.title = try arguments.requiredString("title")
    job.command = context.arguments
    if job.card == nil, arguments.isGiven("title") {
      throw arguments.refusal("'--title' is for a card: name one with '--card'.")
    }
    let store = try session.store(arguments, .read)
    var summary = try job.run(from: store, context)
    // What goes through a pipe cannot be compared with its record later.
    if path != "-" { ExportRecord.add(&summary, to: store.path, context) }
    session.finish(summary, arguments, besides: path)
  }

  private static func form(
    _ format: ExportFormat?, _ arguments: ParsedArguments
  ) throws -> ExportJob.Form {
    if let format {
      try LineFilter.refuse(
        ["hub", "native", "scores", "indented", "without-candidates", "provenance"], of: arguments,
        "is for '--format mixinstruct'")
      return .preferences(try preferences(format, arguments))
    }
    try LineFilter.refuse(
      [
        "by", "pairs", "margin", "seed", "answer", "tasks", "pairs-file", "weight", "orders",
        "ties",
      ], of: arguments, "is for preference formats: name one with '--format'")
    return .mixInstruct(try mixInstruct(arguments))
  }

  private static func mixInstruct(_ arguments: ParsedArguments) throws -> MixInstructExport {
    var export = MixInstructExport()
    let hub = arguments.flag("hub")
    let native = arguments.flag("native")
    if hub && native { throw arguments.refusal("'--hub' and '--native' exclude each other.") }
    export.comparisonForm = hub ? .string : native ? .object : nil
    let judges = arguments.list("judge")
    guard judges.count <= 1 else {
      throw arguments.refusal(
        "cmp_results holds one verdict for each pair: name one judge with '--judge'.")
    }
    export.judge = judges.first
    export.scores =
      arguments.string("scores").flatMap(MixInstructExport.ScoreChoice.init(rawValue:)) ?? .all
    export.isIndented = arguments.flag("indented")
    export.withoutCandidates = arguments.flag("without-candidates")
    export.withProvenance = arguments.flag("provenance")
    return export
  }

  private static func preferences(
    _ format: ExportFormat, _ arguments: ParsedArguments
  ) throws -> PreferenceExport {
    let hasTasks = format.material == .tasks
    try LineFilter.refuse(
      hasTasks ? ["by", "pairs", "margin", "answer", "ties"] : ["tasks", "pairs-file"],
      of: arguments,
      hasTasks ? "does not go with tasks for people" : "is for '--format argilla|label-studio'")
    var export = PreferenceExport(format: format)
    export.pairsFile = arguments.string("pairs-file")
    if export.pairsFile != nil, arguments.isGiven("tasks") {
      throw arguments.refusal("'--tasks' and '--pairs-file' exclude each other.")
    }
    export.tasks =
      arguments.string("tasks").flatMap(Exporter.TaskChoice.init(rawValue:)) ?? .judged
    (export.selection, export.ties) = try VerdictArguments.read(arguments)
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
