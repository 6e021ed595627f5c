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
      formats are verdicts on candidates that the store has already: plain verdict lines \
      (Schemas/verdict.schema.json), AlpacaEval annotations, FastChat pairs, Arena votes.
      """,
    group: "Dataset",
    options: [
      .value(
        "format", "NAME", help: "What the files are", default: .value("mixinstruct"),
        allowed: ["mixinstruct"] + VerdictFormat.allCases.map(\.rawValue)),
      .value(
        "split", "NAME", help: "The part of the dataset that the records belong to",
        default: .described("told from the file's name"), allowed: ["train", "dev", "test"]),
      .value(
        "judge", "NAME", help: "The name that the records' verdicts are kept under",
        default: .described("imported, or the one that a verdict names")),
      .flag("strict", help: "Stop at the first broken record and store nothing of its file"),
    ] + CommonOptions.writing,
    arguments: [
      ArgumentDefinition(
        "FILE", .oneOrMore, help: "The files; - is standard input", completion: .files)
    ],
    examples: [
      CommandExample(
        "Import a published part.",
        "mixinstruct import --store my.db test_data_prepared.jsonl")
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let files = try arguments.requiredList("FILE")
    let format = VerdictFormat(rawValue: try arguments.requiredString("format"))
    if let format {
      var stage = VerdictImportStage(format: format)
      stage.judge = arguments.string("judge")
      let store = try session.store(arguments, .write)
      session.finish(
        try stage.run(files, into: store, session.context(arguments)), arguments)
      return
    }
    var stage = ImportStage()
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    stage.judge = arguments.string("judge") ?? stage.judge
    stage.isStrict = arguments.flag("strict")
    let store = try session.store(arguments, .create)
    let summary = try stage.run(files, into: store, session.context(arguments))
    session.finish(summary, arguments)
  }
}
