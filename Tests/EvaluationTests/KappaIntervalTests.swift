import Evaluation
import Records
import Testing

/// Intervals of Cohen's kappa, worked out by hand.
@Suite struct KappaIntervalTests {
  private func agreement(_ cells: [(Verdict, Verdict, Int)]) -> JudgeAgreement {
    var agreement = JudgeAgreement(first: "x", second: "y")
    for (first, second, count) in cells {
      for _ in 0..<count { agreement.add(first, second) }
    }
    return agreement
  }

  /// Rows 0.5, 0.5; columns 0.6, 0.4; expected 0.5. Diagonal 0.4 · 0.34² + 0.3 · 0.46², beside it
  /// 0.1 · 0.66² + 0.2 · 0.54², less 0.1²: 0.2016 over 50 · 0.5².
  @Test func twoVerdicts() throws {
    let agreement = agreement([
      (.aIsBetter, .aIsBetter, 20), (.aIsBetter, .bIsBetter, 5), (.bIsBetter, .aIsBetter, 10),
      (.bIsBetter, .bIsBetter, 15),
    ])
    let interval = try #require(agreement.kappaInterval)
    let reach = 1.959963984540054 * (0.2016 / 12.5).squareRoot()
    #expect(isClose(agreement.kappa, 0.4))
    #expect(isClose(interval.lower, 0.4 - reach))
    #expect(isClose(interval.upper, 0.4 + reach))
    #expect(agreement.decisive.same == 35 && agreement.decisive.total == 50)
  }

  @Test func fullAgreementHasNoSpread() throws {
    let agreement = agreement([(.aIsBetter, .aIsBetter, 3), (.sameBad, .sameBad, 4)])
    let interval = try #require(agreement.kappaInterval)
    #expect(isClose(interval.lower, 1) && isClose(interval.upper, 1))
  }

  @Test func withoutKappaThereIsNoInterval() {
    #expect(agreement([]).kappaInterval == nil)
    #expect(agreement([(.sameGood, .sameGood, 9)]).kappaInterval == nil)
    // Both kinds of tie are one: nothing but chance.
    let ties = agreement([(.sameGood, .sameBad, 2), (.sameBad, .sameGood, 3)])
    #expect(ties.kappaInterval != nil && ties.kappaThreeWayInterval == nil)
  }
}
