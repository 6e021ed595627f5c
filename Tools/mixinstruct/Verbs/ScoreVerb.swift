import CommandLineParsing
import DatasetStore
import Metrics
import Pipeline
import Records

/// Scores the candidates of a store.
enum ScoreVerb: Verb {
  static let definition = CommandDefinition(
    "score", abstract: "Score candidates against their references.",
    discussion: """
      Only scores that are missing are computed. Each score is kept with its signature: metric, \
      version and options.
      """,
    group: "Scores",
    options: [
      .value(
        "metrics", "LIST", help: "The metrics", short: "m",
        default: .value("rouge1,rouge2,rougeL,rougeLsum,bleu,chrf"), repetition: .commaSeparated,
        allowed: LexicalMetric.all.map(\.name)),
      .flag("no-stemmer", help: "Compare whole words in ROUGE"),
      CommonOptions.split,
    ] + CommonOptions.writing,
    examples: [CommandExample("The usual metrics.", "mixinstruct score --store my.db")])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = try ScoreStage(
      metrics: arguments.list("metrics"), useStemmer: !arguments.flag("no-stemmer"))
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.finish(summary, arguments)
  }
}
