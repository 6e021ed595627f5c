import CommandLineParsing
import NeuralMetrics
import Tensors

/// The options of metrics that a model computes.
enum NeuralArguments {
  /// The names of the metrics.
  static let names = NeuralMetric.allCases.map(\.name)

  /// The options; none of them has a default, so that one without its metric is noticed.
  static let options: [OptionDefinition] =
    [
      .value(
        "bertscore-model", "MODEL", help: "A folder or a pulled model for bertscore: an encoder",
        completion: .folders),
      .value(
        "bertscore-layer", "N", help: "The layer whose states bertscore compares",
        default: .described("bert-score's, for the models that it knows by name")),
      .flag("bertscore-idf", help: "Let tokens that few references have weigh more in bertscore"),
      .value(
        "bertscore-baseline", "FILE",
        help: "Rescale bertscore by a table of bert-score, lines LAYER,P,R,F", completion: .files),
      .flag(
        "bertscore-prefix-space",
        help: "Put a space before texts, as bert-score's default tokenizer of RoBERTa does"),
      .value(
        "bartscore-model", "MODEL",
        help: "A folder or a pulled model for bartscore: BART or T5", completion: .folders),
      .value(
        "bartscore-weights", "FILE",
        help: "Weights of that model in another file, such as ParaBank's bart_score.pth",
        completion: .files),
      .value(
        "bartscore-max-length", "N", help: "Cut texts for bartscore to so many tokens",
        default: .described("1024, or what the model takes")),
      .value(
        "bartscore-direction", "NAME",
        help: "Which text is given in bartscore, and which is scored",
        default: .described(BARTScoreDirection.candidateToReference.rawValue),
        allowed: BARTScoreDirection.allCases.map(\.rawValue)),
      .value(
        "bleurt-model", "MODEL",
        help: "A folder or a pulled model for bleurt: BERT's kind or BLEURT-20",
        completion: .folders),
      .value(
        "bleurt-max-length", "N", help: "Cut both texts together for bleurt to so many tokens",
        default: .described("512, or what the model takes")),
      .value(
        "masked-model", "MODEL",
        help: "A folder or a pulled masked language model for pseudo_log_likelihood",
        completion: .folders),
      .value(
        "masked-max-length", "N",
        help: "Cut candidates for pseudo_log_likelihood to so many tokens",
        default: .described("512, or what the model takes")),
      .value(
        "precision", "NAME", help: "How models multiply", default: .described("float32"),
        allowed: Precision.allCases.map(\.rawValue)),
      .value(
        "threads", "N", help: "How many threads models compute on",
        default: .described("one for each processor")),
    ].inGroup("Models of metrics")

  /// The options of each metric; the first one names its model.
  private static func options(of metric: NeuralMetric) -> [String] {
    switch metric {
    case .bertScore:
      [
        "bertscore-model", "bertscore-layer", "bertscore-idf", "bertscore-baseline",
        "bertscore-prefix-space",
      ]
    case .bartScore:
      ["bartscore-model", "bartscore-weights", "bartscore-max-length", "bartscore-direction"]
    case .bleurt: ["bleurt-model", "bleurt-max-length"]
    case .pseudoLogLikelihood: ["masked-model", "masked-max-length"]
    }
  }

  /// Makes the scorers of the metrics that were asked for; their weights are not loaded yet.
  ///
  /// - Parameters:
  ///   - names: all metrics that were asked for.
  ///   - arguments: the command line.
  /// - Returns: the scorers, in the order of the names.
  /// - Throws: `UsageError` for a metric without its model, and for an option without its metric;
  ///   what making a scorer throws.
  static func scorers(
    for names: [String], _ arguments: ParsedArguments
  ) throws -> [any NeuralScorer] {
    let metrics = names.compactMap(NeuralMetric.init(rawValue:))
    for metric in NeuralMetric.allCases where !metrics.contains(metric) {
      try LineFilter.refuse(
        options(of: metric), of: arguments, "goes with '--metrics \(metric.name)'")
    }
    for metric in metrics {
      let option = options(of: metric)[0]
      guard arguments.isGiven(option) else {
        throw arguments.refusal("The metric \(metric.name) needs a model: '--\(option) MODEL'.")
      }
    }
    guard !metrics.isEmpty else {
      try LineFilter.refuse(["precision", "threads"], of: arguments, "goes with metrics of models")
      return []
    }
    let precision = arguments.string("precision").flatMap(Precision.init(rawValue:)) ?? .float32
    let pool = ThreadPool(
      count: try arguments.int("threads", in: 1...1024) ?? ThreadPool.processorCount)
    return try metrics.map { metric in
      let model = try ScoringModel(
        path: try arguments.requiredModelFolder(options(of: metric)[0]),
        weightsPath: metric == .bartScore ? arguments.string("bartscore-weights") : nil,
        precision: precision, compute: Compute(pool: pool))
      return try scorer(metric, model, arguments)
    }
  }

  private static func scorer(
    _ metric: NeuralMetric, _ model: ScoringModel, _ arguments: ParsedArguments
  ) throws -> any NeuralScorer {
    switch metric {
    case .bertScore:
      let name = try arguments.requiredString("bertscore-model")
      guard
        let layer = try arguments.int("bertscore-layer", in: 0...10_000)
          ?? BERTScoreLayers.layer(of: name)
      else {
        throw arguments.refusal(
          "\(NeuralMetricsError.unknownLayer(model: name)): '--bertscore-layer N'.")
      }
      var options = BERTScorer.Options(layer: layer)
      options.usesFrequencies = arguments.flag("bertscore-idf")
      options.addsPrefixSpace = arguments.flag("bertscore-prefix-space")
      options.baseline = try arguments.string("bertscore-baseline").map {
        try BERTScoreBaseline(path: $0, layer: layer)
      }
      return try BERTScorer(model, options: options)
    case .bartScore:
      return try BARTScorer(
        model, maximumLength: try arguments.int("bartscore-max-length", in: 1...) ?? 1024,
        direction: arguments.string("bartscore-direction").flatMap(
          BARTScoreDirection.init(rawValue:)) ?? .candidateToReference)
    case .bleurt:
      return try BLEURTScorer(
        model, maximumLength: try arguments.int("bleurt-max-length", in: 1...) ?? 512)
    case .pseudoLogLikelihood:
      return try PseudoLikelihoodScorer(
        model, maximumLength: try arguments.int("masked-max-length", in: 1...) ?? 512)
    }
  }
}
