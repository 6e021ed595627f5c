internal import Records

/// Reads a stream of examples and makes the report on them; memory grows with models and metrics.
package struct EvaluationAccumulator: Sendable {
  /// How many distinct models the tables hold.
  package static let modelLimit = 1024

  /// What the report is made of.
  package let options: EvaluationOptions
  var index = ModelIndex()
  var examples = 0
  var ranked = 0
  var judged = 0
  var usedVerdicts = 0
  var strayVerdicts = 0
  var repeatedModels = 0
  var nonFiniteValues = 0
  var modelRows: [RowAccumulator] = []
  var oracleRows: [RowAccumulator]
  var verdictOracle: RowAccumulator
  var random: RowAccumulator
  var methods = ModelIndex()
  var methodRows: [RowAccumulator] = []
  var methodLabels: [String] = []
  var methodsThatGenerate: Set<Int> = []
  /// Per method that ranks: how often each model is its first one, ties shared.
  var methodFirstPlaces: [[Double]] = []
  /// Per method: the number of examples it ranked.
  var methodExamples: [Int] = []
  var oracleSums: [Tally]
  var oracleSumsFromZero: [Tally]
  var metricCorrelations: [RankCorrelation]
  var methodCorrelations: [RankCorrelation?] = []
  var randomFootrule = Tally()
  var randomOverlap = Tally()
  private var overlapOfCount: [Int: Double] = [:]
  var firstPlaces: [Tally] = []
  var comparisons = ComparisonCounts()
  var elo = EloRating()
  var bootstrap: BradleyTerryBootstrap
  var distributions: [[ValueHistogram]]
  var judges = JudgeQualityAccumulator()

  /// An accumulator that has seen no example.
  ///
  /// - Parameter options: what the report is made of.
  package init(options: EvaluationOptions) {
    self.options = options
    let count = options.metrics.count
    oracleRows = Array(repeating: RowAccumulator(metrics: count), count: count)
    verdictOracle = RowAccumulator(metrics: count)
    random = RowAccumulator(metrics: count)
    oracleSums = Array(repeating: Tally(), count: count)
    oracleSumsFromZero = oracleSums
    metricCorrelations = Array(repeating: RankCorrelation(), count: count)
    distributions = Array(repeating: [], count: count)
    bootstrap = BradleyTerryBootstrap(
      replicates: options.bootstrapReplicates, seed: options.seed)
  }

  /// Adds one example.
  ///
  /// - Parameter example: the example.
  /// - Throws: ``EvaluationError`` when its lists do not fit together; the example is then not counted.
  package mutating func add(_ example: EvaluatedExample) throws {
    try Self.validate(example.outcomes, of: example, metrics: options.metrics.count)
    let resolved = try ResolvedExample(example, options: options, index: &index)
    grow()
    examples += 1
    if resolved.isRanked { ranked += 1 }
    if !resolved.verdicts.isEmpty { judged += 1 }
    usedVerdicts += resolved.verdicts.count
    strayVerdicts += resolved.strayVerdicts
    repeatedModels += resolved.repeatedModels
    nonFiniteValues += resolved.nonFiniteValues
    addRows(resolved)
    addCorrelations(resolved)
    addComparisons(resolved)
    for outcome in example.outcomes { add(outcome, of: example, resolved) }
    judges.add(example)
  }

  private mutating func grow() {
    let count = index.names.count
    while modelRows.count < count {
      modelRows.append(RowAccumulator(metrics: options.metrics.count))
      firstPlaces.append(Tally())
      for metric in distributions.indices { distributions[metric].append(ValueHistogram()) }
    }
    comparisons.grow(to: count)
    elo.grow(to: count)
  }

  private mutating func addRows(_ example: ResolvedExample) {
    for (candidate, model) in example.models.enumerated() {
      modelRows[model].add(choice: candidate, of: example, ties: options.ties)
    }
    random.addRandomChoice(of: example, ties: options.ties)
    for (metric, description) in options.metrics.enumerated() {
      for (candidate, model) in example.models.enumerated() {
        if let value = example.metrics[metric][candidate] {
          distributions[metric][model].add(value)
        }
      }
      guard
        let best = example.bestCandidate(
          by: metric, higherIsBetter: description.higherIsBetter),
        let value = example.metrics[metric][best]
      else { continue }
      oracleRows[metric].add(choice: best, of: example, ties: options.ties)
      oracleSums[metric].add(value)
      oracleSumsFromZero[metric].add(max(0, value))
    }
    guard example.isRanked, let first = example.ranks.firstIndex(of: 1) else { return }
    verdictOracle.add(choice: first, of: example, ties: options.ties)
    let winners = example.ranks.count { $0 == 1 }
    for (candidate, model) in example.models.enumerated() {
      firstPlaces[model].add(example.ranks[candidate] == 1 ? 1 / Double(winners) : 0)
    }
  }

  private mutating func addCorrelations(_ example: ResolvedExample) {
    guard example.isRanked else { return }
    for (metric, description) in options.metrics.enumerated() where description.isRated {
      let values = example.metrics[metric].compactMap { $0 }
      // Ranks among some of the candidates do not compare with ranks among all.
      guard values.count == example.count else { continue }
      metricCorrelations[metric].add(
        hypothesis: CompetitionRanks.ranks(
          of: values, higherIsBetter: description.higherIsBetter),
        reference: example.ranks, columns: example.models)
    }
    randomFootrule.add(RankCorrelation.expectedRandomFootrule(against: example.ranks))
    let overlap =
      overlapOfCount[example.count]
      ?? RankCorrelation.expectedRandomOverlap(count: example.count)
    overlapOfCount[example.count] = overlap
    randomOverlap.add(overlap)
  }

  private mutating func addComparisons(_ example: ResolvedExample) {
    var games: [BradleyTerryBootstrap.Game] = []
    for (a, b, verdict, weight) in example.verdicts {
      let models = (a: example.models[a], b: example.models[b])
      comparisons.add(verdict, models.a, models.b, weight: weight)
      guard let credit = options.ties.winCredit(of: verdict), credit.a + credit.b == 1 else {
        continue
      }
      elo.play(models.a, models.b, score: credit.a, weight: weight)
      if options.bootstrapReplicates > 0 {
        games.append(
          .init(
            a: models.a, b: models.b, creditA: weight * credit.a, creditB: weight * credit.b))
      }
    }
    if options.bootstrapReplicates > 0 { bootstrap.add(games) }
  }
}

// MARK: Rankers and fusers

extension EvaluationAccumulator {
  private static func validate(
    _ outcomes: [MethodOutcome], of example: EvaluatedExample, metrics: Int
  ) throws {
    for outcome in outcomes {
      switch outcome.outcome {
      case .scores(let scores) where scores.count != example.models.count:
        throw EvaluationError.lengthMismatch(
          example: example.id, list: "the scores of \(outcome.method)", got: scores.count,
          expected: example.models.count)
      case .choice(let choice) where !example.models.indices.contains(choice):
        throw EvaluationError.noSuchCandidate(
          example: example.id, method: outcome.method, index: choice,
          count: example.models.count)
      case .generated(let values) where values.count != metrics:
        throw EvaluationError.lengthMismatch(
          example: example.id, list: "the metrics of \(outcome.method)", got: values.count,
          expected: metrics)
      default: break
      }
    }
  }

  private mutating func add(
    _ outcome: MethodOutcome, of example: EvaluatedExample, _ resolved: ResolvedExample
  ) {
    let method = methods.number(adding: outcome.method)
    if method == methodRows.count {
      methodRows.append(RowAccumulator(metrics: options.metrics.count))
      methodLabels.append(outcome.label)
      methodFirstPlaces.append([])
      methodExamples.append(0)
      methodCorrelations.append(nil)
    }
    switch outcome.outcome {
    case .scores(let all):
      let scores = resolved.places.map { all[$0] }
      let ranks = CompetitionRanks.ranks(of: scores)
      if let choice = ranks.firstIndex(of: 1) {
        methodRows[method].add(choice: choice, of: resolved, ties: options.ties)
      }
      addFirstPlaces(ranks, of: resolved, method: method)
      if resolved.isRanked {
        var correlation = methodCorrelations[method] ?? RankCorrelation()
        correlation.add(hypothesis: ranks, reference: resolved.ranks, columns: resolved.models)
        methodCorrelations[method] = correlation
      }
    case .choice(let place):
      // A repeated model stands for its first candidate.
      let model = index.number(of: example.models[place])
      if let choice = resolved.models.firstIndex(where: { $0 == model }) {
        methodRows[method].add(choice: choice, of: resolved, ties: options.ties)
      }
    case .generated(let values):
      methodsThatGenerate.insert(method)
      addGenerated(values, by: outcome.method, number: method, of: example, resolved)
    }
  }

  private mutating func addFirstPlaces(_ ranks: [Int], of example: ResolvedExample, method: Int) {
    let winners = ranks.count { $0 == 1 }
    guard winners > 0 else { return }
    methodExamples[method] += 1
    while methodFirstPlaces[method].count < index.names.count {
      methodFirstPlaces[method].append(0)
    }
    for (candidate, model) in example.models.enumerated() where ranks[candidate] == 1 {
      methodFirstPlaces[method][model] += 1 / Double(winners)
    }
  }

  /// A generated answer ranks among the candidates and itself, by the verdicts that name it.
  private mutating func addGenerated(
    _ values: [Double?], by name: String, number: Int, of example: EvaluatedExample,
    _ resolved: ResolvedExample
  ) {
    var extended = VerdictMatrix(count: resolved.count + 1)
    for (a, b, verdict, weight) in resolved.verdicts {
      extended.add(verdict, a, b, ties: options.ties, weight: weight)
    }
    var first: [(verdict: Verdict, weight: Double)?] = Array(repeating: nil, count: resolved.count)
    var second = first
    var isJudged = false
    for (place, verdict) in example.verdicts.enumerated() {
      let isA = verdict.modelA.utf8.elementsEqual(name.utf8)
      guard isA != verdict.modelB.utf8.elementsEqual(name.utf8),
        let model = index.number(of: isA ? verdict.modelB : verdict.modelA),
        let other = resolved.models.firstIndex(of: model)
      else { continue }
      isJudged = true
      let weight = example.weights?[place] ?? 1
      if isA {
        extended.add(verdict.verdict, resolved.count, other, ties: options.ties, weight: weight)
        if first[other] == nil { first[other] = (verdict.verdict, weight) }
      } else {
        extended.add(verdict.verdict, other, resolved.count, ties: options.ties, weight: weight)
        if second[other] == nil { second[other] = (verdict.verdict.exchanged, weight) }
      }
    }
    let verdicts = (0..<resolved.count).compactMap { other in
      (first[other] ?? second[other]).map { (model: other, verdict: $0.verdict, weight: $0.weight) }
    }
    methodRows[number].addGenerated(
      metrics: values, verdicts: verdicts,
      ranks: isJudged ? options.ranking.ranks(of: extended) : nil, in: resolved,
      ties: options.ties)
  }
}
