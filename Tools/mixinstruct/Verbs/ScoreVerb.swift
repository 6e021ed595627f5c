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
      Corpus BLEU, chrF, distinct-n and self-BLEU of each model are in the tables of 'evaluate'. \
      bertscore (its F), bartscore, bleurt and pseudo_log_likelihood (of the candidate alone) take a \
      model each; their signature has a hash of the model. --bertscore-idf counts the references \
      of the examples that are scored.
      """,
    group: "Scores",
    options: [
      .value(
        "metrics", "LIST", help: "The metrics", short: "m",
        default: .value("rouge1,rouge2,rougeL,rougeLsum,bleu,chrf"), repetition: .commaSeparated,
        allowed: ScoreStage.metricNames),
      .flag("no-stemmer", help: "Compare whole words in ROUGE"),
      CommonOptions.split,
    ] + CommonOptions.writing + NeuralArguments.options,
    examples: [
      CommandExample("The usual metrics.", "mixinstruct score --store my.db"),
      CommandExample(
        "How diverse and how long answers are, and what servers said of them.",
        "mixinstruct score --store my.db --metrics distinct1,distinct2,length_words,logprobs"),
      CommandExample(
        "Metrics of models, BARTScore with the weights that its authors trained on ParaBank.",
        "mixinstruct score --store my.db --metrics bertscore,bartscore "
          + "--bertscore-model ./bert_uncased_L-4_H-256_A-4 --bartscore-model ./bart-large-cnn "
          + "--bartscore-weights bart_score.pth"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let names = arguments.list("metrics")
    var stage = try ScoreStage(
      metrics: names, useStemmer: !arguments.flag("no-stemmer"),
      models: try NeuralArguments.scorers(for: names, arguments))
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.finish(summary, arguments)
  }
}
