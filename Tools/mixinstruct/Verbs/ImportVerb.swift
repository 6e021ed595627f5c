import CommandLineParsing
import DatasetStore
import Pipeline
import Records

/// Imports MixInstruct records into a store.
enum ImportVerb: Verb {
  static let definition = CommandDefinition(
    "import", abstract: "Import MixInstruct records with their candidates, scores and verdicts.",
    discussion: """
      Reads JSON arrays or JSON Lines, plain, gzip or zstd, in every published shape: cmp_results \
      as object or string, scores per candidate or per record. Unknown fields are kept, so an export \
      gives equal records back. The split is told from the file's name unless it is given.
      """,
    group: "Dataset",
    options: [
      .value(
        "split", "NAME", help: "The part of the dataset that the records belong to",
        default: .described("told from the file's name"), allowed: ["train", "dev", "test"]),
      .value(
        "judge", "NAME", help: "The name that the records' verdicts are kept under",
        default: .value("imported")),
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
    var stage = ImportStage()
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    stage.judge = try arguments.requiredString("judge")
    stage.isStrict = arguments.flag("strict")
    let files = try arguments.requiredList("FILE")
    let store = try session.store(arguments, .create)
    let summary = try stage.run(files, into: store, session.context(arguments))
    session.finish(summary, arguments)
  }
}
