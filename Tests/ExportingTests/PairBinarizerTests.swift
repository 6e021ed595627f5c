import Exporting
import Records
import Testing

private func pairs(_ policy: Binarization, _ scores: [Double?], margin: Double = 0) -> (
  [[Int]], [ExportLoss.Reason: Int]
) {
  let (example, values) = scored(scores)
  let made = PairBinarizer(policy: policy, minimalMargin: margin).pairs(by: values, of: example)
  return (
    made.pairs.map { [$0.chosen, $0.rejected] },
    Dictionary(uniqueKeysWithValues: made.losses.map { ($0.reason, $0.count) })
  )
}

private typealias Row = (
  Binarization, [Double?], margin: Double, pairs: [[Int]], losses: [ExportLoss.Reason: Int]
)

private let rows: [Row] = [
  (.bestVersusWorst, [1, 3, 2], 0, [[1, 0]], [:]),
  (.bestVersusWorst, [2, 2, 1, 1], 0, [[0, 3]], [:]),
  (.bestVersusWorst, [1, 1], 0, [], [.tie: 1]),
  (.bestVersusWorst, [1, 1.5], 1, [], [.belowMargin: 1]),
  (.bestVersusWorst, [1, 2], 1, [[1, 0]], [:]),
  (.bestVersusWorst, [1, nil, .nan, 0], 0, [[0, 3]], [.missingScore: 2]),
  (.bestVersusWorst, [1, nil], 0, [], [.missingScore: 1, .unjudged: 1]),
  (.bestVersusWorst, [1], 0, [], [.singleCandidate: 1]),
  (.bestVersusWorst, [], 0, [], [.singleCandidate: 1]),
  (.bestVersusWorst, [-.infinity, .infinity], 0, [[1, 0]], [:]),
  (.bestVersusWorst, [.infinity, .infinity], 0, [], [.tie: 1]),
  (.allPairs, [1, 3, 2], 0, [[1, 2], [1, 0], [2, 0]], [:]),
  (.allPairs, [1, 2, 1], 0, [[1, 0], [1, 2]], [.tie: 1]),
  (.allPairs, [1, 2, 4], 2, [[2, 1], [2, 0]], [.belowMargin: 1]),
  (.adjacent, [1, 3, 2], 0, [[1, 2], [2, 0]], [:]),
  (.adjacent, [1, 2, 1], 0, [[1, 0]], [.tie: 1]),
  (.bestVersusRandom, [1, 1], 0, [], [.tie: 1]),
  (.bestVersusRandom, [2, 2, 1], 0, [[0, 2]], [:]),
  (.bestVersusRandom, [2, 1.5], 1, [], [.belowMargin: 1]),
]

@Test func policiesMakeThePairsTheyName() {
  for row in rows {
    let made = pairs(row.0, row.1, margin: row.margin)
    #expect(made.0 == row.pairs, "\(row)")
    #expect(made.1 == row.losses, "\(row)")
  }
}

@Test func randomRejectedCandidatesAreSeededAndSpread() {
  func rejected(_ seed: UInt64, _ id: String) -> Int? {
    let (example, scores) = scored([4, 3, 2, 1], id: id)
    return PairBinarizer(policy: .bestVersusRandom, seed: seed).pairs(by: scores, of: example)
      .pairs.first?.rejected
  }
  let drawn = (0..<300).map { rejected(1, "x/\($0)") }
  #expect(drawn == (0..<300).map { rejected(1, "x/\($0)") })
  #expect(drawn != (0..<300).map { rejected(2, "x/\($0)") })
  for candidate in 1...3 { #expect((70...130).contains(drawn.count { $0 == candidate })) }
}

@Test func sameTextsMakeNoPair() {
  let (example, scores) = scored([2, 1], texts: ["t", "t"])
  #expect(PairBinarizer().pairs(by: scores, of: example).losses.map(\.reason) == [.identicalTexts])
}

@Test func verdictsMakePairsOrLosses() {
  let example = scored([nil, nil, nil, nil]).0
  let verdicts = [
    PairVerdict(modelA: "m0", modelB: "m1", verdict: .bIsBetter),
    PairVerdict(modelA: "m1", modelB: "m0", verdict: .aIsBetter),
    PairVerdict(modelA: "m0", modelB: "m2", verdict: .aIsBetter),
    PairVerdict(modelA: "m2", modelB: "m0", verdict: .aIsBetter),
    PairVerdict(modelA: "m1", modelB: "m2", verdict: .sameBad),
    PairVerdict(modelA: "m2", modelB: "m1", verdict: .sameGood),
    PairVerdict(modelA: "m1", modelB: "m3", verdict: .aIsBetter),
    PairVerdict(modelA: "m3", modelB: "m1", verdict: .sameGood),
    PairVerdict(modelA: "m1", modelB: "m9", verdict: .aIsBetter),
  ]
  let made = PairBinarizer.pairs(by: verdicts, of: example)
  #expect(made.pairs == [PreferencePair(chosen: 1, rejected: 0)])
  #expect(
    made.losses.map { [$0.reason.rawValue: $0.count] }
      == [["contradiction": 2], ["tie": 1], ["unknown-model": 1]])
}

@Test func ranksCountDownwards() {
  #expect(CandidateScores(ranks: [2, nil, 1], source: "r").values == [-2, nil, -1])
}
