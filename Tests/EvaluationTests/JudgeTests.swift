import Evaluation
import Records
import Testing

@Suite struct JudgeTests {
  private func example(
    _ judgments: [(String, String, String, Verdict?)], lengths: [Int]? = nil
  ) -> EvaluatedExample {
    EvaluatedExample(
      id: "1", models: ["a", "b", "c"],
      judgments: judgments.map {
        Judgment(judge: $0.0, shownFirst: $0.1, shownSecond: $0.2, verdict: $0.3)
      }, lengths: lengths)
  }

  @Test func flipsTiesAndPreferencesAreCounted() {
    var judges = JudgeQualityAccumulator()
    judges.add(
      example(
        [
          // A flip to the first, a consistent pair, a tie against a decision, one order, no parse.
          ("j", "a", "b", .aIsBetter), ("j", "b", "a", .aIsBetter),
          ("j", "a", "c", .aIsBetter), ("j", "c", "a", .bIsBetter),
          ("j", "b", "c", .sameGood), ("j", "c", "b", .aIsBetter),
          ("j", "a", "c", nil),
        ], lengths: [10, 5, 10]))
    let judge = judges.judges[0]
    #expect(judge.bothOrders == 3 && judge.flips == 1 && judge.flipsToFirst == 1)
    #expect(judge.consistent == 1)
    #expect(judge.unparsable == 1 && judge.answers == 7)
    #expect(isClose(judge.tieRate.value, 100 / 6.0))
    #expect(judge.firstPositionPreference.value == 80)
    // a over b is for the longer, b over a is not, c over b is; a and c are equally long.
    #expect(judge.decisiveWithLengths == 3 && judge.forLonger == 2)
  }

  @Test func agreementIsTakenInTheSameOrder() {
    var judges = JudgeQualityAccumulator()
    judges.add(
      example([
        ("x", "a", "b", .aIsBetter), ("x", "b", "a", .aIsBetter), ("y", "a", "b", .aIsBetter),
        ("x", "a", "c", .sameGood), ("y", "a", "c", .sameBad),
        ("x", "b", "c", .bIsBetter), ("y", "c", "b", .aIsBetter),
      ]))
    let agreement = judges.judgeAgreements[0]
    #expect(agreement.first == "x" && agreement.second == "y" && agreement.total == 3)
    #expect(isClose(agreement.raw.value, 200 / 3.0))
    #expect(agreement.rawThreeWay.value == 100)
    // Observed 2/3; by chance A and B: 1/9 each, good against bad: 0.
    #expect(isClose(agreement.kappa, (2 / 3.0 - 2 / 9.0) / (1 - 2 / 9.0)))
    #expect(agreement.kappaThreeWay == 1)
  }

  @Test func kappaOfOneLabelIsUndefined() {
    var agreement = JudgeAgreement(first: "x", second: "y")
    #expect(agreement.kappa == nil)
    for _ in 0..<7 { agreement.add(.sameGood, .sameGood) }
    #expect(agreement.kappa == nil && agreement.raw.value == 100)
  }

  @Test func contradictionsAndCyclesAreFound() {
    let findings = VerdictCheck().findings(
      in: EvaluatedExample(
        id: "1", models: ["a", "b", "c", "c"],
        verdicts: [
          PairVerdict(modelA: "a", modelB: "x", verdict: .sameBad),
          PairVerdict(modelA: "a", modelB: "b", verdict: .aIsBetter),
          PairVerdict(modelA: "b", modelB: "c", verdict: .aIsBetter),
          PairVerdict(modelA: "a", modelB: "c", verdict: .bIsBetter),
        ],
        judgments: [
          Judgment(judge: "j", shownFirst: "a", shownSecond: "b", verdict: .aIsBetter),
          Judgment(judge: "j", shownFirst: "b", shownSecond: "a", verdict: .aIsBetter),
          Judgment(judge: "j", shownFirst: "b", shownSecond: "c", verdict: .aIsBetter),
          Judgment(judge: "k", shownFirst: "c", shownSecond: "b", verdict: .aIsBetter),
        ]))
    #expect(
      findings == [
        .repeatedModel("c"), .notAPair(modelA: "a", modelB: "x"),
        .contradictionBetweenOrders(judge: "j", first: "a", second: "b"),
        .contradictionBetweenJudges(judge: "j", other: "k", winner: "b", otherWinner: "c"),
        .cycle(judge: nil, models: ["a", "b", "c"]),
      ])
    #expect(findings.last?.message == "preferences form a cycle: a > b > c > a")
    #expect(findings.last?.diagnostic(recordID: "1").rule == "preference-cycle")
  }

  @Test func cyclesAreMinimalAndBounded() {
    func beats(_ pairs: [(String, String)]) -> [PairVerdict] {
      pairs.map { PairVerdict(modelA: $0.0, modelB: $0.1, verdict: .aIsBetter) }
    }
    let square = beats([("a", "b"), ("b", "c"), ("c", "d"), ("d", "a")])
    let models = ["a", "b", "c", "d"]
    #expect(PreferenceCycles(models: models, verdicts: square).cycles == [models])
    // A chord leaves only the triangle.
    let chord = PreferenceCycles(models: models, verdicts: square + beats([("a", "c")]))
    #expect(chord.cycles == [["a", "c", "d"]])
    let chordBack = PreferenceCycles(models: models, verdicts: square + beats([("c", "a")]))
    #expect(chordBack.cycles == [["a", "b", "c"]])
    // Equal wins both ways are no preference.
    #expect(
      PreferenceCycles(models: models, verdicts: square + beats([("b", "a")])).cycles.isEmpty)
    // The rotational tournament of 15 has 140 triangles.
    let many = (0..<15).map { "m\($0)" }
    let rotation = beats(
      (0..<15).flatMap { i in (1...7).map { (many[i], many[(i + $0) % 15]) } })
    let some = PreferenceCycles(models: many, verdicts: rotation)
    #expect(some.cycles.count == 10 && some.isTruncated)
    let all = PreferenceCycles(models: many, verdicts: rotation, limit: 1000)
    #expect(all.cycles.count == 140 && !all.isTruncated)
    #expect(PreferenceCycles(models: many, verdicts: rotation, stepLimit: 5).isTruncated)
  }

  @Test func examplesWithOtherModelsAreListed() {
    var sets = ModelSetTally()
    sets.add(id: "1", models: ["a", "b"])
    sets.add(id: "2", models: ["b", "a"])
    sets.add(id: "3", models: ["a", "c"])
    #expect(sets.usual == ["a", "b"])
    let deviation = sets.deviations.first
    #expect(sets.deviations.count == 1)
    #expect(deviation?.missing == ["b"] && deviation?.extra == ["c"])
    #expect(deviation?.examples == 1 && deviation?.firstIDs == ["3"])
  }

  /// Each example misses another model: no set of models is frequent, every model is usual.
  @Test func aModelIsUsualWhenMostExamplesHaveIt() {
    let all = ["a", "b", "c", "d"]
    var sets = ModelSetTally(idLimit: 1)
    for (index, missing) in (all + ["a"]).enumerated() {
      sets.add(id: "\(index)", models: all.filter { $0 != missing })
    }
    #expect(sets.usual.sorted() == all)
    #expect(sets.deviations.map(\.missing) == [["a"], ["b"], ["c"], ["d"]])
    #expect(sets.deviations.first?.examples == 2 && sets.deviations.first?.firstIDs == ["0"])
  }
}
