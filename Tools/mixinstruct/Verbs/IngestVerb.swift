import CommandLineParsing
import DatasetStore
import Ingestion
import Pipeline
import Records

/// Reads raw sources into a store.
enum IngestVerb: Verb {
  static let definition = CommandDefinition(
    "ingest", abstract: "Read raw instruction data into a store.",
    discussion: """
      Reads Alpaca, Alpaca-GPT4, Dolly, GPT4All and ShareGPT files, and other JSON by a field \
      mapping: JSON arrays or JSON Lines, plain, gzip or zstd. The format is detected for each \
      file. A record that cannot be used is named, counted and kept for 'explain'; the rest goes on.
      """,
    group: "Sources",
    options: [
      .value(
        "format", "NAME", help: "The format of the files", default: .described("detected"),
        allowed: Dialect.allCases.map(\.rawValue)),
      .value(
        "source", "NAME", help: "The name of the source", default: .described("the format's own")),
      .value(
        "license", "NAME", help: "The licence of the texts", default: .described("the format's own")
      ),
      .value(
        "map", "FIELD=PATH,…",
        help:
          "Where the parts of plain records stand: input=question,output=answer.text; parts are id, instruction, input, output, category and group"
      ),
      .flag("clean-html", help: "Remove HTML and traces of web pages from ShareGPT's turns"),
      .flag("strict", help: "Stop at the first broken record and store nothing of its file"),
    ] + CommonOptions.writing,
    arguments: [
      ArgumentDefinition(
        "FILE", .oneOrMore, help: "The files; - is standard input", completion: .files)
    ],
    examples: [
      CommandExample(
        "Read files whose format is detected.",
        "mixinstruct ingest --store my.db alpaca_gpt4.json dolly.jsonl"),
      CommandExample(
        "Read questions and answers of another form.",
        "mixinstruct ingest --store my.db --format plain --source faq --map input=question,output=answer faq.jsonl"
      ),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = IngestStage()
    stage.dialect = arguments.string("format").flatMap(Dialect.init(rawValue:))
    stage.source = arguments.string("source").map(Source.init(rawValue:))
    stage.license = arguments.string("license")
    stage.mapping = try arguments.string("map").map { try FieldMapping($0) }
    stage.cleansHTML = arguments.flag("clean-html")
    stage.isStrict = arguments.flag("strict")
    let files = try arguments.requiredList("FILE")
    let store = try session.store(arguments, .create)
    let summary = try stage.run(files, into: store, session.context(arguments))
    session.finish(summary, arguments)
  }
}
