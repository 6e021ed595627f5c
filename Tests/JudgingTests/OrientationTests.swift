import Judging
import Records
import Testing

private let pair = CandidatePair(exampleID: "x", modelA: "m", modelB: "n", indexA: 0, indexB: 1)

@Test(arguments: Verdict.allCases, Comparison.Order.allCases)
func orientationThereAndBack(_ verdict: Verdict, _ order: Comparison.Order) {
  let comparison = Comparison(pair: pair, order: order)
  #expect(comparison.shown(comparison.canonical(verdict)) == verdict)
  #expect(comparison.shownA == (order == .given ? "m" : "n"))
}

@Test func saidOfTheExchangedOrderMeansTheOther() {
  let comparison = Comparison(pair: pair, order: .exchanged)
  #expect(comparison.canonical(.aIsBetter) == .bIsBetter)
  #expect(comparison.canonical(.sameBad) == .sameBad)
}

private typealias Row = (
  OrderCombination, Verdict?, Verdict?, Verdict?, preference: Double, assumed: Bool
)

private let rows: [Row] = [
  (.agreeOrTie, .aIsBetter, .aIsBetter, .aIsBetter, 1, false),
  (.agreeOrTie, .aIsBetter, .bIsBetter, .sameGood, 0, true),
  (.agreeOrTie, .aIsBetter, .sameBad, .sameBad, 0, false),
  (.agreeOrTie, .sameGood, .sameBad, .sameGood, 0, true),
  (.agreeOrTie, .sameBad, .sameBad, .sameBad, 0, false),
  (.agreeOrTie, .aIsBetter, nil, nil, 0, false),
  (.average, .aIsBetter, .sameGood, .aIsBetter, 0.5, false),
  (.average, .bIsBetter, .bIsBetter, .bIsBetter, -1, false),
  (.average, .aIsBetter, .bIsBetter, .sameGood, 0, true),
  (.average, .sameBad, nil, .sameBad, 0, false),
  (.average, nil, .bIsBetter, .bIsBetter, -1, false),
  (.average, nil, nil, nil, 0, false),
  (.firstOnly, .sameGood, .aIsBetter, .sameGood, 0, false),
  (.firstOnly, nil, .aIsBetter, nil, 0, false),
]

@Test func ordersCombineByPolicy() {
  for row in rows {
    let combined = row.0.combine(given: row.1, exchanged: row.2)
    #expect(combined?.verdict == row.3, "\(row)")
    if let combined {
      #expect(combined.preference == row.preference, "\(row)")
      #expect(combined.isTieKindAssumed == row.assumed, "\(row)")
    }
  }
}
