import Evaluation
import Records
import Testing

private func verdict(_ a: String, _ b: String, _ verdict: Verdict) -> PairVerdict {
  PairVerdict(modelA: a, modelB: b, verdict: verdict)
}

@Suite struct AggregationTests {
  @Test func competitionRanksShareTheBetterPlace() {
    #expect(CompetitionRanks.ranks(of: []) == [])
    #expect(CompetitionRanks.ranks(of: [1, 3, 3, 0]) == [3, 1, 1, 4])
    #expect(CompetitionRanks.ranks(of: [1, 3, 3, 0], higherIsBetter: false) == [2, 3, 3, 1])
    #expect(CompetitionRanks.ranks(of: [.nan, 1, -.infinity, .nan]) == [3, 1, 2, 3])
    #expect(CompetitionRanks.order(of: [2, 1, 2]) == [1, 0, 2])
    #expect(CompetitionRanks.averageRanks(of: [5, 1, 5]) == [2.5, 1, 2.5])
  }

  @Test func bothOrdersOfAPairAddUp() {
    let matrix = VerdictMatrix(
      models: ["a", "b"], verdicts: [verdict("a", "b", .aIsBetter), verdict("b", "a", .sameGood)])
    #expect(matrix.rows == [[0, 1.5], [-0.5, 0]])
  }

  @Test func verdictsOnOthersAreCountedNotUsed() {
    let matrix = VerdictMatrix(
      models: ["a", "b"],
      verdicts: [
        verdict("a", "c", .aIsBetter), verdict("a", "a", .sameGood), verdict("b", "a", .sameBad),
      ])
    #expect(matrix.ignoredVerdicts == 2)
    #expect(matrix.usedVerdicts == 1)
  }

  @Test func namesAreComparedByTheirBytes() {
    let models = ["\u{e9}", "e\u{301}"]
    let result = AggregationPolicy.maxLogits.aggregate(
      models: models, verdicts: [verdict(models[0], models[1], .bIsBetter)])
    #expect(result.ranks == [2, 1])
  }

  @Test func aRepeatedModelStandsForItsFirstCandidate() {
    let matrix = VerdictMatrix(
      models: ["a", "a", "b"], verdicts: [verdict("a", "b", .aIsBetter)])
    #expect(matrix.rows == [[0, 0, 1], [0, 0, 0], [-1, 0, 0]])
  }

  @Test(arguments: [
    (TiePolicy.reference, [1, 1, 3]), (.halfWin, [1, 1, 3]), (.ignore, [1, 1, 1]),
    (.goodIsHalfBadIsZero, [1, 1, 3]),
  ]) func tiePoliciesInMaxWins(_ ties: TiePolicy, _ ranks: [Int]) {
    // Same good helps both; Same bad helps both in the reference, nobody where bad is zero.
    let verdicts = [verdict("a", "b", .sameGood)]
    let result = AggregationPolicy.maxWins.aggregate(
      models: ["a", "b", "c"], verdicts: verdicts, ties: ties)
    #expect(result.ranks == ranks)
  }

  @Test func badTiesCountAsThePolicySays() {
    #expect(TiePolicy.goodIsHalfBadIsZero.atLeastAsGood(.sameBad) == 0)
    #expect(TiePolicy.goodIsHalfBadIsZero.atLeastAsGood(.sameGood) == 0.5)
    #expect(TiePolicy.reference.atLeastAsGood(.sameBad) == 1)
    #expect(TiePolicy.ignore.atLeastAsGood(.sameBad) == nil)
    #expect(TiePolicy.halfWin.atLeastAsGood(.sameBad) == 0.5)
    let credit = TiePolicy.goodIsHalfBadIsZero.winCredit(of: .sameBad)
    #expect(credit?.a == 0 && credit?.b == 0)
    #expect(TiePolicy.ignore.winCredit(of: .sameGood) == nil)
  }

  @Test(arguments: AggregationPolicy.allCases) func anExampleWithoutVerdictsTies(
    _ policy: AggregationPolicy
  ) {
    #expect(policy.aggregate(models: ["a", "b"], verdicts: []).ranks == [1, 1])
    #expect(policy.aggregate(models: ["a"], verdicts: []).ranks == [1])
    #expect(policy.aggregate(models: [], verdicts: []).ranks == [])
  }

  @Test func eloPlaysInTheOrderOfTheVerdicts() {
    let result = AggregationPolicy.elo.aggregate(
      models: ["a", "b"], verdicts: [verdict("a", "b", .aIsBetter), verdict("b", "a", .sameBad)])
    let afterWin = 16.0
    let expected = 1 / (1 + exponentialOfTen(-2 * afterWin / 400))
    #expect(isClose(result.scores[0], 1000 + afterWin + 32 * (0.5 - expected)))
    #expect(isClose(result.scores[0] + result.scores[1], 2000))
  }

  private func exponentialOfTen(_ x: Double) -> Double {
    var result = 1.0
    var term = 1.0
    for k in 1..<60 {
      term *= x * 2.302_585_092_994_046 / Double(k)
      result += term
    }
    return result
  }

  @Test func bradleyTerryNamesTheUnbeaten() {
    let fit = BradleyTerry(wins: [0, 3, 2, 0, 0, 4, 0, 1, 0], count: 3)
    #expect(fit.obstacle == .unbeaten(players: [0]))
    #expect(fit.usedFallbackRidge && fit.converged && fit.ridge == BradleyTerry.fallbackRidge)
    #expect(fit.ranks == [1, 2, 3])
    #expect(fit.theta.allSatisfy { $0.isFinite })
    let notes = AggregationPolicy.bradleyTerry.aggregate(
      models: ["a", "b"], verdicts: [verdict("a", "b", .aIsBetter)]
    ).notes
    #expect(
      notes == [
        "Bradley-Terry has no finite optimum: nothing outside the group ever beat or tied with a; "
          + "a ridge of 0.01 was used"
      ])
  }

  @Test func bradleyTerryNamesGroupsThatNeverMet() {
    let fit = BradleyTerry(
      wins: [0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 1, 0], count: 4)
    #expect(fit.obstacle == .notConnected(groups: [[0, 1], [2, 3]]))
    #expect(fit.ranks == [2, 2, 1, 4])
  }

  @Test func bradleyTerryOfTwoIsTheLogarithmOfTheOdds() {
    let fit = BradleyTerry(wins: [0, 30, 10, 0], count: 2)
    #expect(isClose(fit.theta[0] - fit.theta[1], 1.098_612_288_668_109_8, 1e-9))
    #expect(fit.obstacle == nil)
    // The variance of the log odds is 1/30 + 1/10; each strength is half of it.
    let fisher = fit.covariance(.fisher)?[0]
    #expect(isClose(fisher, (1 / 30.0 + 1 / 10.0) / 4, 1e-9))
    #expect(isClose(fit.covariance(.sandwich)?[0], (1 / 30.0 + 1 / 10.0) / 4, 1e-9))
    // Ties spread less than as many half wins and losses.
    let tied = BradleyTerry(wins: [0, 20, 20, 0], count: 2)
    #expect(isClose(tied.covariance(.sandwich, ties: [0, 40, 40, 0])?[0], 0, 1e-12))
  }

  @Test func separatedPlayersWithATinyRidgeConverge() {
    let fit = BradleyTerry(wins: [0, 100, 0, 0], count: 2, ridge: 1e-8)
    #expect(fit.converged)
    #expect(fit.theta[0] > 8 && fit.theta[0].isFinite)
  }

  @Test func bootstrapsRepeatWithTheirSeed() throws {
    func intervals(seed: UInt64) throws -> [ConfidenceInterval] {
      var bootstrap = BradleyTerryBootstrap(replicates: 200, seed: seed)
      for example in 0..<400 {
        let won = example % 4 != 0
        bootstrap.add([.init(a: 0, b: 1, creditA: won ? 1 : 0, creditB: won ? 0 : 1)])
      }
      return try #require(bootstrap.intervals(count: 2, ridge: 0))
    }
    let first = try intervals(seed: 1)
    #expect(try intervals(seed: 1) == first)
    #expect(try intervals(seed: 2) != first)
    // ln 3 / 2 = 0.549, standard error 0.058.
    #expect(first[0].lower > 0.40 && first[0].lower < 0.49)
    #expect(first[0].upper > 0.61 && first[0].upper < 0.70)
  }
}
