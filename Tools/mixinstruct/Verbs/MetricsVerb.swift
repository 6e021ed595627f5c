import CommandLineParsing
import JSON
import Metrics

/// Scores lines of candidate and reference.
enum MetricsVerb: Verb {
  static let definition = CommandDefinition(
    "metrics", abstract: "Score lines of candidate and reference, without a store.",
    discussion: """
      Reads lines {"candidate": "…", "reference": "…"} and writes a line for each: ROUGE as \
      precision, recall and f, other metrics as a number. ROUGE equals rouge-score 0.1.2, BLEU and \
      chrF equal sacreBLEU 2.x.
      """,
    group: "Scores",
    options: [
      .value(
        "metrics", "LIST", help: "The metrics", short: "m",
        default: .value("rouge1,rouge2,rougeL,rougeLsum,bleu"), repetition: .commaSeparated,
        allowed: LexicalMetric.all.map(\.name)),
      .flag("no-stemmer", help: "Compare whole words in ROUGE"),
      .flag("signatures", help: "Print the signatures of the metrics and end"),
    ] + LineFilter.options,
    examples: [
      CommandExample(
        "Two metrics of a file.",
        "mixinstruct metrics --metrics rougeL,bleu --input pairs.jsonl > scores.jsonl")
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var scorer = try LexicalScorer(
      metrics: arguments.list("metrics"), useStemmer: !arguments.flag("no-stemmer"))
    if arguments.flag("signatures") {
      for signature in scorer.signatures { session.write("\(signature)\n") }
      return
    }
    let names = scorer.metrics.map(\.name)
    try LineFilter.run(arguments, session) { element in
      let candidate = try LineFilter.text("candidate", of: element)
      let reference = try LineFilter.text("reference", of: element)
      var object: JSONObject = [:]
      for (name, value) in zip(names, scorer.score(candidate: candidate, reference: reference)) {
        switch value {
        case .rouge(let score):
          object[name] = [
            "precision": .double(score.precision), "recall": .double(score.recall),
            "f": .double(score.f),
          ]
        case .number(let number): object[name] = .double(number)
        }
      }
      return object
    }
  }
}
