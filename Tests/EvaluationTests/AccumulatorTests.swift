import Evaluation
import Records
import Testing

@Suite struct AccumulatorTests {
  private let metric = MetricDescription(name: "quality")

  private func example(
    _ id: String, _ models: [String], _ values: [Double?], _ verdicts: [(String, String, Verdict)],
    outcomes: [MethodOutcome] = []
  ) -> EvaluatedExample {
    EvaluatedExample(
      id: id, models: models, metrics: [values],
      verdicts: verdicts.map { PairVerdict(modelA: $0.0, modelB: $0.1, verdict: $0.2) },
      outcomes: outcomes)
  }

  private func report(
    _ examples: [EvaluatedExample], _ change: (inout EvaluationOptions) -> Void = { _ in }
  ) throws -> EvaluationReport {
    var options = EvaluationOptions(metrics: [metric])
    change(&options)
    var accumulator = EvaluationAccumulator(options: options)
    for example in examples { try accumulator.add(example) }
    return try accumulator.report()
  }

  @Test func nothingGivesEmptyTables() throws {
    let report = try report([])
    #expect(report.models.isEmpty)
    #expect(!TextRenderer().text(report).isEmpty)
    #expect(HTMLRenderer().text(report).hasSuffix("</html>\n"))
  }

  @Test func unjudgedExamplesCountForMetricsOnly() throws {
    let examples = [
      example("1", ["a", "b"], [1, 2], [("a", "b", .aIsBetter)]),
      example("2", ["a", "b"], [3, 4], []),
    ]
    let excluded = try report(examples)
    #expect(excluded.rows[0].metrics[0] == excluded.rows[0].metrics[0])
    #expect(excluded.rows[0].metrics[0].value == 2)
    #expect(excluded.rows[1].rank.value == 2 && excluded.rows[1].rank.count == 1)
    #expect(excluded.firstPlaces.map(\.value) == [100, 0])
    let included = try report(examples) { $0.unjudged = .rankAllFirst }
    #expect(included.rows[1].rank.value == 1.5 && included.rows[1].rank.count == 2)
    #expect(included.firstPlaces.map(\.value) == [75, 25])
  }

  @Test func randomIsTheExactExpectation() throws {
    let report = try report([
      example(
        "1", ["a", "b", "c"], [1, nil, 4],
        [("a", "b", .aIsBetter), ("a", "c", .aIsBetter), ("b", "c", .sameBad)])
    ])
    let random = try #require(report.rows.first { $0.key == "random" })
    #expect(random.metrics[0].value == 2.5)
    #expect(isClose(random.rank.value, 5 / 3.0))
    // Against b: a better, itself a tie, c tied: all count in the reference policy.
    #expect(isClose(random.atLeastByVerdict[1].value, 100))
    #expect(isClose(random.atLeastByVerdict[0].value, 100 / 3.0))
  }

  @Test func modelsMayDifferBetweenExamples() throws {
    let report = try report([
      example("1", ["a", "b"], [1, 2], [("a", "b", .aIsBetter)]),
      example("2", ["c", "b"], [nil, .nan], [("b", "c", .aIsBetter)]),
    ])
    #expect(report.models == ["a", "b", "c"])
    #expect(report.rows[1].rank.value == 1.5)
    #expect(report.rows[2].metrics[0].value == nil)
    #expect(report.winRates[0][2].value == nil)
    #expect(report.notes.contains { $0.contains("1 metric value left out") })
  }

  /// Whoever chooses by a metric that needs no reference knows no more than a ranker.
  @Test func metricsWithoutReferenceAreRankers() throws {
    let name = "pseudo_log_likelihood"
    var accumulator = EvaluationAccumulator(options: EvaluationOptions(metrics: [.standard(name)]))
    try accumulator.add(example("1", ["a", "b"], [-5, -3], [("a", "b", .bIsBetter)]))
    let report = try accumulator.report()
    let row = try #require(report.rows.first { $0.key == "highest:\(name)" })
    #expect(row.label == "MLM-Scoring (Pseudo-log-lik.)" && row.category == .methods)
    #expect(row.metrics[0].value == -3 && row.rank.value == 1)
    #expect(!report.rows.contains { $0.key == "oracle:\(name)" })
  }

  @Test func lowerIsBetterTurnsTheOracleRound() throws {
    var accumulator = EvaluationAccumulator(
      options: EvaluationOptions(
        metrics: [MetricDescription(name: "perplexity", higherIsBetter: false)]))
    try accumulator.add(example("1", ["a", "b"], [5, 3], [("a", "b", .bIsBetter)]))
    let report = try accumulator.report()
    #expect(report.metricSummaries[0].bestModel == 1)
    #expect(report.rows.first { $0.key == "oracle:perplexity" }?.metrics[0].value == 3)
  }

  @Test func rankersAndFusersGetRows() throws {
    let verdicts: [(String, String, Verdict)] = [
      ("a", "b", .aIsBetter), ("fused", "a", .aIsBetter), ("b", "fused", .bIsBetter),
    ]
    let report = try report([
      example(
        "1", ["a", "b"], [1, 2], verdicts,
        outcomes: [
          MethodOutcome(method: "ranker", outcome: .scores([0.1, 0.9])),
          MethodOutcome(method: "picker", outcome: .choice(0)),
          MethodOutcome(method: "fused", outcome: .generated(metrics: [7])),
        ])
    ])
    func row(_ key: String) -> EvaluationReport.Row? { report.rows.first { $0.key == key } }
    #expect(row("ranker")?.rank.value == 2)
    #expect(row("picker")?.rank.value == 1)
    #expect(row("fused")?.metrics[0].value == 7)
    #expect(row("fused")?.rank.value == 1)
    #expect(row("fused")?.atLeastByVerdict.map(\.value) == [100, 100])
    #expect(report.correlations.map(\.key) == ["random", "quality", "ranker"])
    #expect(report.verdicts == 1)
    #expect(!report.notes.contains { $0.contains("verdicts left out") })
  }

  @Test func listsThatDoNotFitAreErrors() throws {
    var accumulator = EvaluationAccumulator(options: EvaluationOptions(metrics: [metric]))
    #expect(
      throws: EvaluationError.lengthMismatch(
        example: "1", list: "metric quality", got: 1, expected: 2)
    ) { try accumulator.add(example("1", ["a", "b"], [1], [])) }
    #expect(
      throws: EvaluationError.noSuchCandidate(example: "2", method: "m", index: 2, count: 1)
    ) {
      try accumulator.add(
        example("2", ["a"], [1], [], outcomes: [.init(method: "m", outcome: .choice(2))]))
    }
    #expect(throws: EvaluationError.unknownReferenceModel(name: "x", models: ["a"])) {
      _ = try report([example("1", ["a"], [1], [])]) { $0.referenceModels = ["x"] }
    }
  }

  @Test func repeatedModelsAreNoted() throws {
    let report = try report([
      example("1", ["a", "a", "b"], [1, 9, 2], [("a", "b", .aIsBetter)])
    ])
    #expect(report.rows[0].metrics[0].value == 1)
    #expect(report.notes.contains { $0.hasPrefix("1 candidate left out") })
  }
}
