import Evaluation
import Testing

@Suite struct CorrelationTests {
  @Test func aRandomRankingHasTheKnownFootrule() {
    #expect(RankCorrelation.expectedRandomFootrule(against: Array(1...11)) == 40)
    #expect(isClose(RankCorrelation.expectedRandomFootrule(against: Array(1...12)), 143 / 3.0))
    // Against 1, 1, 3 of three candidates: (0 + 1 + 2) / 3 twice and (2 + 1 + 0) / 3.
    #expect(RankCorrelation.expectedRandomFootrule(against: [1, 1, 3]) == 3)
  }

  @Test func aRandomRankingHasTheExpectedOverlap() {
    // Two candidates: k = 1 agrees half of the time, k = 2 always.
    #expect(isClose(RankCorrelation.expectedRandomOverlap(count: 2), 0.75))
    // Three: k = 1 gives 1/3; k = 2 shares two (1/3) or one of three (2/3 · 1/3); k = 3 gives 1.
    #expect(
      isClose(RankCorrelation.expectedRandomOverlap(count: 3), (1 / 3.0 + 5 / 9.0 + 1) / 3))
    #expect(RankCorrelation.expectedRandomOverlap(count: 1) == 1)
  }

  @Test func constantColumnsAreCountedNotAveraged() {
    var correlation = RankCorrelation()
    correlation.add(hypothesis: [1, 2, 3], reference: [1, 3, 2])
    correlation.add(hypothesis: [1, 3, 2], reference: [1, 2, 3])
    let result = correlation.result
    #expect(result.pearson.defined == 2 && result.pearson.total == 3)
    #expect(result.pearson.value == -1)
    #expect(result.pearson.strict == nil)
    #expect(isClose(result.pearsonPerExample.value, 0.5))
  }

  @Test func columnsFollowTheModelsNotThePlaces() {
    var correlation = RankCorrelation()
    correlation.add(hypothesis: [1, 2], reference: [1, 2], columns: [0, 1])
    correlation.add(hypothesis: [1, 2], reference: [1, 2], columns: [1, 0])
    #expect(correlation.result.pearson.strict == 1)
  }

  @Test func histogramsDoNotDependOnTheOrder() {
    let values = (0..<3000).map { Double(($0 * 7919) % 3001) * 0.37 - 400 }
    var forward = ValueHistogram()
    var backward = ValueHistogram()
    for value in values { forward.add(value) }
    for value in values.reversed() { backward.add(value) }
    #expect(forward.counts == backward.counts && forward.exponent == backward.exponent)
    #expect(forward.total == 3000 && forward.counts.reduce(0, +) == 3000)
    let sorted = values.sorted()
    for share in [0.05, 0.25, 0.5, 0.95] {
      let exact = sorted[Int(share * 2999)]
      #expect(abs((forward.quantile(share) ?? .nan) - exact) <= 2 * forward.width)
    }
    #expect(isClose(forward.counts(in: -400...800, bins: 7).reduce(0, +), 3000, 1e-9))
  }

  @Test func histogramsHoldExtremes() {
    var histogram = ValueHistogram()
    for value in [0, 1e15, -1e15, .nan, .infinity, 1e300, 1e-300] { histogram.add(value) }
    #expect(histogram.total == 4)
    #expect(histogram.counts.count <= 1024)
    #expect(histogram.minimum == -1e15 && histogram.maximum == 1e15)
    var constant = ValueHistogram()
    for _ in 0..<5 { constant.add(0.25) }
    #expect(constant.quantile(0.5) == 0.25)
    #expect(constant.counts(in: 0...1, bins: 4) == [0, 5, 0, 0])
    #expect(ValueHistogram().quantile(0.5) == nil)
  }
}
