import CommandLineParsing
import DatasetStore
import Pipeline
import Records
import VerdictImport

/// Imports MixInstruct records into a store.
enum ImportVerb: Verb {
  static let definition = CommandDefinition(
    "import", abstract: "Import MixInstruct records, or verdicts of other tools.",
    discussion: """
      Reads JSON arrays or JSON Lines, plain, gzip or zstd, in every published shape: cmp_results \
      as object or string, scores per candidate or per record. Unknown fields are kept, so an export \
      gives equal records back. The split is told from the file's name unless it is given. Other \
      files join examples that the store has already, by identifier or prompt: plain verdict lines \
      (Schemas/verdict.schema.json), AlpacaEval annotations, FastChat pairs, Arena votes, PandaLM's \
      test set, fields like cmp_results of other records; AlpacaEval outputs add answers, and \
      examples where there are none. People's votes come from the records of Argilla (2.x or 1.x, \
      nested or flat) and the JSON export of Label Studio, each under the person's own name; \
      drafts and what was discarded or cancelled are counted and left out.
      """,
    group: "Dataset",
    options: [
      .value(
        "format", "NAME", help: "What the files are",
        default: .described("detected; comparisons only when named"),
        allowed: ImportFormat.names),
      .value(
        "split", "NAME", help: "The part of the dataset that new records belong to",
        default: .described("told from the file's name"), allowed: ["train", "dev", "test"]),
      .value(
        "judge", "NAME", help: "The name that verdicts are kept under",
        default: .described("imported, the field, or the judge that a verdict names")),
      .value(
        "kind", "KIND", help: "What the judge is; reports can weigh kinds",
        default: .described("imported, or what the format says"),
        allowed: JudgeKind.allCases.map(\.rawValue)),
      .value(
        "field", "NAME",
        help: "The field that holds comparisons, or the question of Argilla with the verdicts",
        default: .described("cmp_results; a question called preference, ranking… or the only one")),
      .flag(
        "add-candidates",
        help: "With verdicts of other tools: take answers from the file that an example lacks"),
      .flag("strict", help: "Stop at the first broken record and store nothing of its file"),
    ] + CommonOptions.writing,
    arguments: [
      ArgumentDefinition(
        "FILE", .oneOrMore, help: "The files; - is standard input", completion: .files)
    ],
    examples: [
      CommandExample(
        "Import a published part.",
        "mixinstruct import --store my.db test_data_prepared.jsonl"),
      CommandExample(
        "Add AlpacaEval's annotations, and the baseline's answers they are against.",
        "mixinstruct import --store my.db --add-candidates annotations.json"),
      CommandExample(
        "Add the votes that people gave in Argilla.",
        "mixinstruct import --store my.db --format argilla records.json"),
      CommandExample(
        "Add labels that were derived, not judged, under a name of their own.",
        "mixinstruct import --store my.db --format comparisons --field derived_cmp_results --judge derived-labels --kind derived labels.jsonl.gz"
      ),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let files = try arguments.requiredList("FILE")
    let named = arguments.string("format").flatMap(ImportFormat.init(name:))
    // A file that cannot be read is told once the store is open.
    let formats = files.map { named ?? (try? ImportFormat.detect($0)) ?? .mixInstruct }
    guard let format = formats.first, formats.allSatisfy({ $0 == format }) else {
      throw arguments.refusal(
        "The files are of different formats: import those of one format at a time.")
    }
    let kind = arguments.string("kind").flatMap(JudgeKind.init(rawValue:))
    let judge = arguments.string("judge")
    try refuseWhatDoesNotApply(to: format, arguments)
    let split = arguments.string("split").flatMap(Split.init(rawValue:))
    let summary: StageSummary
    switch format {
    case .mixInstruct:
      var stage = ImportStage()
      stage.split = split
      stage.judge = judge ?? stage.judge
      stage.kind = kind
      stage.isStrict = arguments.flag("strict")
      let store = try session.store(arguments, .create)
      summary = try stage.run(files, into: store, session.context(arguments))
    case .outputs:
      var stage = OutputImportStage()
      stage.split = split
      let store = try session.store(arguments, .create)
      summary = try stage.run(files, into: store, session.context(arguments))
    case .comparisons:
      let field = arguments.string("field") ?? "cmp_results"
      var stage = ComparisonImport(judge: judge ?? field)
      stage.field = field
      stage.kind = kind
      let store = try session.store(arguments, .write)
      summary = try stage.run(files, into: store, session.context(arguments))
    case .verdicts(let format):
      var stage = VerdictImportStage(format: format)
      stage.judge = judge
      stage.kind = kind
      stage.addsCandidates = arguments.flag("add-candidates")
      stage.question = arguments.string("field")
      let store = try session.store(arguments, .write)
      summary = try stage.run(files, into: store, session.context(arguments))
    }
    session.finish(summary, arguments)
  }

  private static func refuseWhatDoesNotApply(
    to format: ImportFormat, _ arguments: ParsedArguments
  ) throws {
    switch format {
    case .mixInstruct:
      try LineFilter.refuse(
        ["field", "add-candidates"], of: arguments, "does not go with MixInstruct records")
    case .outputs:
      try LineFilter.refuse(
        ["judge", "kind", "field", "add-candidates", "strict"], of: arguments,
        "does not go with outputs, which hold no verdicts")
    case .comparisons:
      try LineFilter.refuse(
        ["split", "add-candidates", "strict"], of: arguments, "does not go with comparisons")
    case .verdicts(let format):
      try LineFilter.refuse(
        ["split", "strict"] + (format == .argilla ? [] : ["field"]), of: arguments,
        "does not go with verdicts of other tools")
    }
  }
}
