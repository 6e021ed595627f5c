import CommandLineParsing
import DatasetStore
import Pipeline
import Records

/// Scores the candidates of a store.
enum ScoreVerb: Verb {
  static let definition = CommandDefinition(
    "score", abstract: "Score candidates against their references.",
    discussion: """
      Only scores that are missing are computed. Each score is kept with its signature: metric, \
      version and options. The log-probabilities that model servers returned are kept as scores by \
      'collect'; 'logprobs' (the mean over tokens) and 'logprob_sum' take them from the journal. \
      Corpus BLEU, chrF, distinct-n and self-BLEU of each model are in the tables of 'evaluate'.
      """,
    group: "Scores",
    options: [
      .value(
        "metrics", "LIST", help: "The metrics", short: "m",
        default: .value("rouge1,rouge2,rougeL,rougeLsum,bleu,chrf"), repetition: .commaSeparated,
        allowed: ScoreStage.metricNames),
      .flag("no-stemmer", help: "Compare whole words in ROUGE"),
      CommonOptions.split,
    ] + CommonOptions.writing,
    examples: [
      CommandExample("The usual metrics.", "mixinstruct score --store my.db"),
      CommandExample(
        "How diverse and how long answers are, and what servers said of them.",
        "mixinstruct score --store my.db --metrics distinct1,distinct2,length_words,logprobs"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = try ScoreStage(
      metrics: arguments.list("metrics"), useStemmer: !arguments.flag("no-stemmer"))
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.finish(summary, arguments)
  }
}
