import Evaluation
import JSON
import Records
import Testing

private let models = ["a", "b", "c"]
private let verdicts = [
  PairVerdict(modelA: "a", modelB: "b", verdict: .aIsBetter),
  PairVerdict(modelA: "c", modelB: "b", verdict: .aIsBetter),
  PairVerdict(modelA: "a", modelB: "c", verdict: .bIsBetter),
  PairVerdict(modelA: "b", modelB: "a", verdict: .aIsBetter),
  PairVerdict(modelA: "b", modelB: "c", verdict: .sameGood),
]

/// A verdict of weight 2 is the verdict given twice, except to Elo, where order and K matter.
@Test(arguments: [AggregationPolicy.maxLogits, .maxWins, .bradleyTerry])
func aWeightOfTwoIsTheVerdictTwice(_ policy: AggregationPolicy) {
  let twice = verdicts + [verdicts[0], verdicts[4]]
  let weighted = policy.aggregate(models: models, verdicts: verdicts, weights: [2, 1, 1, 1, 2])
  let repeated = policy.aggregate(models: models, verdicts: twice)
  #expect(weighted.ranks == repeated.ranks)
  for (left, right) in zip(weighted.scores, repeated.scores) { #expect(abs(left - right) < 1e-9) }
}

@Test(arguments: AggregationPolicy.allCases)
func weightsOfOneChangeNothing(_ policy: AggregationPolicy) {
  let ones = [Double](repeating: 1, count: verdicts.count)
  #expect(
    policy.aggregate(models: models, verdicts: verdicts, weights: ones)
      == policy.aggregate(models: models, verdicts: verdicts))
}

@Test func halfAWeightMovesEloHalfAsFar() {
  let one = [PairVerdict(modelA: "a", modelB: "b", verdict: .aIsBetter)]
  let whole = AggregationPolicy.elo.aggregate(models: models, verdicts: one).scores
  let half = AggregationPolicy.elo.aggregate(models: models, verdicts: one, weights: [0.5]).scores
  #expect(whole[0] == 1016 && half[0] == 1008 && half[2] == 1000)
}

@Test func tablesCountWeights() throws {
  var accumulator = EvaluationAccumulator(options: EvaluationOptions(referenceModels: ["b"]))
  try accumulator.add(
    EvaluatedExample(
      id: "1", models: ["a", "b"],
      verdicts: [PairVerdict(modelA: "a", modelB: "b", verdict: .aIsBetter)], weights: [0.25]))
  try accumulator.add(
    EvaluatedExample(
      id: "2", models: ["a", "b"],
      verdicts: [PairVerdict(modelA: "a", modelB: "b", verdict: .bIsBetter)], weights: [0.75]))
  let report = try accumulator.report()
  #expect(report.winRates[0][1].value == 25)
  #expect(report.winRates[0][1].count == 1)
  let row = try #require(report.rows.first { $0.key == "a" })
  #expect(row.atLeastByVerdict[1].value == 25)
  let rating = try #require(report.ratingTable.groups.first?.rows.first { $0[0].text == "a" })
  #expect(rating.suffix(3).map(\.text) == ["0.2", "0", "0.8"])
  #expect(throws: EvaluationError.self) {
    try accumulator.add(
      EvaluatedExample(
        id: "3", models: ["a", "b"],
        verdicts: [PairVerdict(modelA: "a", modelB: "b", verdict: .bIsBetter)], weights: []))
  }
}

/// Lengths describe: no oracle chooses by them, no best model is longest.
@Test func lengthsAreNotRated() throws {
  var accumulator = EvaluationAccumulator(
    options: EvaluationOptions(
      metrics: [.standard("length_words"), .standard("perplexity", higherIsBetter: false)]))
  try accumulator.add(
    EvaluatedExample(
      id: "1", models: ["a", "b"], metrics: [[10, 20], [3, 1]],
      verdicts: [PairVerdict(modelA: "a", modelB: "b", verdict: .bIsBetter)]))
  let report = try accumulator.report()
  #expect(
    report.rows.map(\.key) == [
      "a", "b", "oracle:perplexity", "oracle:gpt", "best:perplexity", "random",
    ])
  #expect(report.correlations.map(\.key) == ["random", "perplexity"])
  #expect(report.metricsTable.groups.first?.rows.map { $0[0].text } == ["perplexity"])
  #expect(report.json["metrics"]?["length_words"]?["higher_is_better"] == JSONValue.null)
  #expect(report.metricSummaries.last?.bestModel == 1)
}

@Test func columnsGoByVerdictOrByRank() throws {
  func cell(_ standing: EvaluationOptions.Standing) throws -> String? {
    var accumulator = EvaluationAccumulator(
      options: EvaluationOptions(referenceModels: ["b"], standing: standing))
    // By the verdict on the two a loses to b; by ranks it is better.
    try accumulator.add(
      EvaluatedExample(
        id: "1", models: models,
        verdicts: [
          PairVerdict(modelA: "a", modelB: "b", verdict: .bIsBetter),
          PairVerdict(modelA: "a", modelB: "c", verdict: .aIsBetter),
          PairVerdict(modelA: "c", modelB: "b", verdict: .aIsBetter),
          PairVerdict(modelA: "c", modelB: "b", verdict: .aIsBetter),
          PairVerdict(modelA: "a", modelB: "c", verdict: .aIsBetter),
        ]))
    let report = try accumulator.report()
    return report.mainTable.groups.first?.rows.first { $0[0].text == "a" }?[2].text
  }
  #expect(try cell(.verdict) == "0.00")
  #expect(try cell(.rank) == "100.00")
}

@Test func corporaAreATableOfTheReport() throws {
  var accumulator = EvaluationAccumulator(options: EvaluationOptions())
  try accumulator.add(EvaluatedExample(id: "1", models: ["a"]))
  var report = try accumulator.report()
  #expect(report.json["corpus"] == nil)
  report.corpus = CorpusTable(
    metrics: [.standard("bleu", signature: "bleu|eff:no"), .standard("self_bleu")],
    rows: [
      .init(part: "train", model: "a", count: 3, values: [12.5, nil]),
      .init(part: "test", model: "a", count: 2, values: [1, 30]),
      .init(part: "test", model: "b", count: 2, values: [2, 20]),
    ])
  let table = try #require(report.tables.first { $0.name == "corpus" })
  #expect(table.groups.map(\.title) == ["train", "test"])
  #expect(table.groups[0].rows[0].map(\.text) == ["a", "12.50", "–", "3"])
  // Less self-BLEU is better.
  #expect(table.groups[1].rows[1].map(\.isBest) == [false, true, true, false])
  #expect(HTMLRenderer().text(report).contains("id=\"corpus\""))
  #expect(report.json["corpus"]?["rows"]?.array?[1]["values"]?["self_bleu"] == 30)
  #expect(report.json["corpus"]?["signatures"]?["bleu"] == "bleu|eff:no")
}
