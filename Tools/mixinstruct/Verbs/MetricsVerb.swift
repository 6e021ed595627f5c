import CommandLineParsing
import JSON
import Metrics
import NeuralMetrics
import ProcessSignals
import RecordFiles
import TerminalOutput

/// Scores lines of candidate and reference.
enum MetricsVerb: Verb {
  static let definition = CommandDefinition(
    "metrics", abstract: "Score lines of candidate and reference, without a store.",
    discussion: """
      Reads lines {"candidate": "…", "reference": "…"} and writes a line for each: ROUGE as \
      precision, recall and f, other metrics as a number. ROUGE equals rouge-score 0.1.2, BLEU and \
      chrF equal sacreBLEU 2.x. With --json a summary has the means of all metrics. bertscore \
      (precision, recall and f), bartscore, bleurt and pseudo_log_likelihood (of the candidate \
      alone) take a model each. With --bertscore-idf the references of all lines are counted \
      first; lines wait in a temporary file meanwhile.
      """,
    group: "Scores",
    options: [
      .value(
        "metrics", "LIST",
        help: "The metrics; 'all' stands for those without models, but ROUGE of 3 words and more",
        short: "m",
        default: .value("rouge1,rouge2,rougeL,rougeLsum,bleu"), repetition: .commaSeparated,
        allowed: ["all"] + LexicalMetric.all.map(\.name) + NeuralArguments.names),
      .flag("no-stemmer", help: "Compare whole words in ROUGE"),
      .flag(
        "corpus",
        help: "Score all lines together too: corpus BLEU and chrF, distinct-n, self-BLEU"),
      .value(
        "corpus-sample", "N", help: "The most candidates that distinct-n and self-BLEU are over",
        default: .value("1000")),
      .flag("signatures", help: "Print the signatures of the metrics and end"),
    ] + LineFilter.options + NeuralArguments.options,
    examples: [
      CommandExample(
        "Two metrics of a file.",
        "mixinstruct metrics --metrics rougeL,bleu --input pairs.jsonl > scores.jsonl"),
      CommandExample(
        "Means and scores of the corpus, as one JSON object.",
        "mixinstruct metrics --metrics all --corpus --json --input pairs.jsonl --output scores.jsonl"
      ),
      CommandExample(
        "BERTScore, with rare tokens weighing more, and BLEURT.",
        "mixinstruct metrics --metrics bertscore,bleurt --bertscore-idf "
          + "--bertscore-model ./bert_uncased_L-4_H-256_A-4 --bleurt-model ./BLEURT-20 "
          + "--input pairs.jsonl > scores.jsonl"),
    ])

  /// How many lines are scored together where models compute: enough to have texts of like lengths.
  private static let window = 512

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var names: [String] = []
    for name in arguments.list("metrics").flatMap({ $0 == "all" ? usual : [$0] })
    where !names.contains(name) {
      names.append(name)
    }
    let models = try NeuralArguments.scorers(for: names, arguments)
    var scorer = try PairScorer(names, useStemmer: !arguments.flag("no-stemmer"), models)
    let sample = try arguments.requiredInt("corpus-sample", in: 0...100_000)
    var corpus = arguments.flag("corpus") ? Corpus(sampleSize: sample) : nil
    if arguments.flag("signatures") {
      for signature in scorer.signatures { session.write("\(signature)\n") }
      for signature in corpus?.signatures ?? [] { session.write("corpus \(signature)\n") }
      return
    }
    // A model that cannot be loaded is no fault of the lines.
    for model in models { try model.load() }
    var filter = try PairFilter(arguments, session, limit: models.isEmpty ? 64 : window)
    let readers = models.filter(\.readsReferences)
    try filter.run(
      prepare: readers.isEmpty
        ? nil : { pair in for model in readers { try model.read(reference: pair.reference) } },
      details: {
        var details: JSONObject = ["signatures": .array(scorer.signatures.map { .string($0) })]
        details["means"] = .object(scorer.means)
        details["corpus"] = corpus?.json()
        return details
      },
      score: { pairs in
        for pair in pairs { corpus?.add(pair.candidate, pair.reference) }
        do {
          return try scorer.score(pairs) { session.interrupt.isRaised }
        } catch NeuralMetricsError.stopped {
          throw RecordFileError.stopped(file: arguments.string("input") ?? "-")
        }
      })
    if !arguments.flag("json"), var corpus {
      for line in corpus.lines() { session.message(line) }
    }
  }

  /// What 'all' stands for.
  private static let usual = LexicalMetric.all.map(\.name).filter { name in
    !(3...9).contains { name == "rouge\($0)" }
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
