internal import Records

/// An example with its names resolved to numbers: `local` ones count its candidates, `global` ones
/// the models of the whole stream.
struct ResolvedExample {
  /// The global number of each local candidate.
  let models: [Int]
  /// Finite values per metric and local candidate, [metrics, candidates].
  let metrics: [[Double?]]
  /// The verdicts between local candidates, in order.
  private(set) var verdicts: [(a: Int, b: Int, verdict: Verdict, weight: Double)] = []
  /// The verdict matrix.
  private(set) var matrix: VerdictMatrix
  /// The ranks by verdicts, 1 for the best.
  private(set) var ranks: [Int] = []
  /// Whether the ranks count.
  private(set) var isRanked = false
  /// How many candidates repeat a model.
  let repeatedModels: Int
  /// How many metric values are not finite.
  let nonFiniteValues: Int
  /// How many verdicts name something else than two candidates or a generated answer.
  private(set) var strayVerdicts = 0
  /// The places of the local candidates in the example's own lists.
  let places: [Int]
  // The first verdict of each ordered pair, [count, count].
  private var first: [(verdict: Verdict, weight: Double)?]

  /// The number of local candidates.
  var count: Int { models.count }

  init(_ example: EvaluatedExample, options: EvaluationOptions, index: inout ModelIndex) throws {
    guard example.metrics.count == options.metrics.count else {
      throw EvaluationError.lengthMismatch(
        example: example.id, list: "the list of metrics", got: example.metrics.count,
        expected: options.metrics.count)
    }
    if let weights = example.weights, weights.count != example.verdicts.count {
      throw EvaluationError.lengthMismatch(
        example: example.id, list: "the list of weights", got: weights.count,
        expected: example.verdicts.count)
    }
    for (metric, values) in zip(options.metrics, example.metrics)
    where values.count != example.models.count {
      throw EvaluationError.lengthMismatch(
        example: example.id, list: "metric \(metric.name)", got: values.count,
        expected: example.models.count)
    }
    var models: [Int] = []
    var places: [Int] = []
    for (place, name) in example.models.enumerated() {
      let limit = EvaluationAccumulator.modelLimit
      if index.names.count >= limit && index.number(of: name) == nil {
        throw EvaluationError.tooManyModels(limit: limit, example: example.id, model: name)
      }
      let number = index.number(adding: name)
      if models.contains(number) { continue }
      models.append(number)
      places.append(place)
    }
    self.models = models
    self.places = places
    repeatedModels = example.models.count - models.count
    var nonFinite = 0
    metrics = example.metrics.map { values in
      places.map { place in
        guard let value = values[place] else { return nil }
        if value.isFinite { return value }
        nonFinite += 1
        return nil
      }
    }
    nonFiniteValues = nonFinite
    matrix = VerdictMatrix(count: models.count)
    first = Array(repeating: nil, count: models.count * models.count)
    try resolveVerdicts(of: example, options: options, index: index)
  }

  private mutating func resolveVerdicts(
    of example: EvaluatedExample, options: EvaluationOptions, index: ModelIndex
  ) throws {
    var local = [Int](repeating: -1, count: index.names.count)
    for (position, model) in models.enumerated() { local[model] = position }
    for (place, verdict) in example.verdicts.enumerated() {
      let a = index.number(of: verdict.modelA).map { local[$0] } ?? -1
      let b = index.number(of: verdict.modelB).map { local[$0] } ?? -1
      guard a >= 0, b >= 0, a != b else {
        if !Self.concernsGeneratedAnswer(verdict, of: example) { strayVerdicts += 1 }
        continue
      }
      let weight = example.weights?[place] ?? 1
      verdicts.append((a, b, verdict.verdict, weight))
      matrix.add(verdict.verdict, a, b, ties: options.ties, weight: weight)
      if first[a * count + b] == nil { first[a * count + b] = (verdict.verdict, weight) }
    }
    ranks = options.ranking.ranks(of: matrix)
    isRanked = count > 0 && (!verdicts.isEmpty || options.unjudged == .rankAllFirst)
  }

  private static func concernsGeneratedAnswer(
    _ verdict: PairVerdict, of example: EvaluatedExample
  ) -> Bool {
    example.outcomes.contains { outcome in
      guard case .generated = outcome.outcome else { return false }
      return verdict.modelA.utf8.elementsEqual(outcome.method.utf8)
        || verdict.modelB.utf8.elementsEqual(outcome.method.utf8)
    }
  }

  /// The verdict on (a, b): the first one given in this order, else the first in the other order.
  func verdict(_ a: Int, _ b: Int) -> (verdict: Verdict, weight: Double)? {
    first[a * count + b] ?? first[b * count + a].map { ($0.verdict.exchanged, $0.weight) }
  }

  /// The first candidate with the best value of a metric; `nil` when none has a value.
  func bestCandidate(by metric: Int, higherIsBetter: Bool) -> Int? {
    var best: (candidate: Int, value: Double)?
    for (candidate, value) in metrics[metric].enumerated() {
      guard let value else { continue }
      guard let current = best else {
        best = (candidate, value)
        continue
      }
      if higherIsBetter ? value > current.value : value < current.value {
        best = (candidate, value)
      }
    }
    return best?.candidate
  }
}
