import CommandLineParsing
import JSON
import Metrics
import TerminalOutput

/// Scores lines of candidate and reference.
enum MetricsVerb: Verb {
  static let definition = CommandDefinition(
    "metrics", abstract: "Score lines of candidate and reference, without a store.",
    discussion: """
      Reads lines {"candidate": "…", "reference": "…"} and writes a line for each: ROUGE as \
      precision, recall and f, other metrics as a number. ROUGE equals rouge-score 0.1.2, BLEU and \
      chrF equal sacreBLEU 2.x. With --json a summary has the means of all metrics.
      """,
    group: "Scores",
    options: [
      .value(
        "metrics", "LIST",
        help: "The metrics; 'all' stands for all but ROUGE of 3 words and more", short: "m",
        default: .value("rouge1,rouge2,rougeL,rougeLsum,bleu"), repetition: .commaSeparated,
        allowed: ["all"] + LexicalMetric.all.map(\.name)),
      .flag("no-stemmer", help: "Compare whole words in ROUGE"),
      .flag(
        "corpus",
        help: "Score all lines together too: corpus BLEU and chrF, distinct-n, self-BLEU"),
      .value(
        "corpus-sample", "N", help: "The most candidates that distinct-n and self-BLEU are over",
        default: .value("1000")),
      .flag("signatures", help: "Print the signatures of the metrics and end"),
    ] + LineFilter.options,
    examples: [
      CommandExample(
        "Two metrics of a file.",
        "mixinstruct metrics --metrics rougeL,bleu --input pairs.jsonl > scores.jsonl"),
      CommandExample(
        "Means and scores of the corpus, as one JSON object.",
        "mixinstruct metrics --metrics all --corpus --json --input pairs.jsonl --output scores.jsonl"
      ),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var names: [String] = []
    for name in arguments.list("metrics").flatMap({ $0 == "all" ? usual : [$0] })
    where !names.contains(name) {
      names.append(name)
    }
    var scorer = try LexicalScorer(metrics: names, useStemmer: !arguments.flag("no-stemmer"))
    let sample = try arguments.requiredInt("corpus-sample", in: 0...100_000)
    var corpus = arguments.flag("corpus") ? Corpus(sampleSize: sample) : nil
    if arguments.flag("signatures") {
      for signature in scorer.signatures { session.write("\(signature)\n") }
      for signature in corpus?.signatures ?? [] { session.write("corpus \(signature)\n") }
      return
    }
    var means = names.map { _ in Mean() }
    try LineFilter.run(arguments, session) {
      var details: JSONObject = [
        "signatures": .array(scorer.signatures.map { .string($0.description) })
      ]
      var object: JSONObject = [:]
      for (name, mean) in zip(names, means) { object[name] = mean.json }
      details["means"] = .object(object)
      details["corpus"] = corpus?.json()
      return details
    } _: { element in
      let candidate = try LineFilter.text("candidate", of: element)
      let reference = try LineFilter.text("reference", of: element)
      corpus?.add(candidate, reference)
      var object: JSONObject = [:]
      let values = scorer.score(candidate: candidate, reference: reference)
      for (index, value) in values.enumerated() {
        object[names[index]] = json(value)
        means[index].add(value)
      }
      return object
    }
    if !arguments.flag("json"), var corpus {
      for line in corpus.lines() { session.message(line) }
    }
  }

  /// What 'all' stands for.
  private static let usual = LexicalMetric.all.map(\.name).filter { name in
    !(3...9).contains { name == "rouge\($0)" }
  }

  private static func json(_ value: MetricValue) -> JSONValue {
    switch value {
    case .rouge(let score):
      [
        "precision": .double(score.precision), "recall": .double(score.recall),
        "f": .double(score.f),
      ]
    case .number(let number): .double(number)
    }
  }

  /// The mean of the values of one metric, part by part.
  private struct Mean {
    private var count = 0.0
    private var sums: (precision: Double, recall: Double, value: Double) = (0, 0, 0)
    private var isROUGE = false

    mutating func add(_ value: MetricValue) {
      count += 1
      sums.value += value.number
      guard case .rouge(let score) = value else { return }
      isROUGE = true
      sums.precision += score.precision
      sums.recall += score.recall
    }

    var json: JSONValue {
      guard count > 0 else { return .null }
      guard isROUGE else { return .double(sums.value / count) }
      return [
        "precision": .double(sums.precision / count), "recall": .double(sums.recall / count),
        "f": .double(sums.value / count),
      ]
    }
  }

  /// All candidates of a run as one corpus.
  private struct Corpus {
    private var scorer: CorpusScorer
    private var tally: CorpusScorer.Tally

    init(sampleSize: Int) {
      scorer = CorpusScorer(sampleSize: sampleSize)
      tally = scorer.emptyTally
    }

    var signatures: [ScoreSignature] { scorer.signatures }

    mutating func add(_ candidate: String, _ reference: String) {
      scorer.setReference(reference)
      scorer.add(candidate, key: UInt64(tally.count), to: &tally)
    }

    mutating func json() -> JSONValue {
      var object: JSONObject = [:]
      for (metric, value) in zip(CorpusMetric.all, scorer.values(of: tally)) {
        object[metric.name] = value.map { .double($0) } ?? .null
      }
      object["n"] = .integer(Int64(tally.count))
      object["signatures"] = .array(signatures.map { .string($0.description) })
      return .object(object)
    }

    mutating func lines() -> [String] {
      zip(scorer.signatures, scorer.values(of: tally)).map { signature, value in
        "corpus: \(value.map { QuantityFormat.fixed($0, digits: 4) } ?? "none")  \(signature)"
      }
    }
  }
}
