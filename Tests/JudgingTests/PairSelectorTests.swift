import Judging
import Records
import Testing

private let five = example(texts: ["a", "b", "c", "d", "e"])

private func names(_ selected: SelectedPairs) -> [String] {
  selected.comparisons.map { "\($0.shownA)>\($0.shownB)" }
}

@Test func asksAboutAllPairsInBothOrders() {
  let selected = PairSelector().select(from: example(texts: ["a", "b", "c"]))
  #expect(names(selected) == ["m0>m1", "m1>m0", "m0>m2", "m2>m0", "m1>m2", "m2>m1"])
  #expect(selected.diagnostics.isEmpty)
}

@Test func asksAgainstOneModel() {
  let selected = PairSelector(against: "m2", orders: .given).select(from: five)
  #expect(names(selected) == ["m0>m2", "m1>m2", "m2>m3", "m2>m4"])
  let missing = PairSelector(against: "m9").select(from: five)
  #expect(missing.comparisons.isEmpty)
  #expect(missing.diagnostics.map(\.rule) == ["model-missing"])
}

@Test func samplesAreStableAndNested() {
  func sample(_ count: Int, _ seed: UInt64 = 1, _ example: Example = five) -> Set<String> {
    Set(
      PairSelector(amount: .count(count), orders: .given, seed: seed).select(from: example)
        .comparisons.map { [$0.pair.modelA, $0.pair.modelB].sorted().joined(separator: ",") })
  }
  #expect(sample(4).count == 4)
  #expect(sample(4) == sample(4))
  #expect(sample(3).isSubset(of: sample(6)))
  #expect(sample(99).count == 10)
  #expect(sample(0).isEmpty)
  #expect((2...9).contains { sample(4, $0) != sample(4) })
  var reordered = five
  reordered.candidates.reverse()
  #expect(sample(4, 1, reordered) == sample(4), "the order of candidates does not matter")
}

@Test func sharesAreNestedAndAboutRight() {
  func pairs(_ share: Double) -> Set<CandidatePair> {
    let selector = PairSelector(amount: .share(share), orders: .given, seed: 3)
    return Set(
      (0..<300).flatMap { number in
        selector.select(from: example(id: "x/\(number)", texts: ["a", "b", "c", "d", "e"]))
          .comparisons.map(\.pair)
      })
  }
  #expect(pairs(0).isEmpty)
  #expect(pairs(1).count == 3000)
  #expect(abs(Double(pairs(0.3).count) / 3000 - 0.3) < 0.03)
  #expect(pairs(0.1).isSubset(of: pairs(0.3)))
}

@Test func randomOrdersShowEachModelFirstAboutHalfTheTime() {
  let selector = PairSelector(orders: .random, seed: 5)
  let given = (0..<1000).filter { number in
    let selected = selector.select(from: example(id: "x/\(number)", texts: ["a", "b"]))
    return selected.comparisons.map(\.order) == [.given]
  }
  #expect((430...570).contains(given.count))
}

@Test func identicalTextsBecomeFlaggedTiesOnRequest() {
  let twins = example(texts: ["same", "same", "e\u{301}", "\u{e9}"])
  #expect(PairSelector().select(from: twins).derived.isEmpty)
  let selected = PairSelector(identicalTexts: .sameBad).select(from: twins)
  #expect(selected.derived.map(\.verdict) == [.sameBad])
  #expect(selected.derived.first?.pair.modelB == "m1")
  #expect(selected.comparisons.count == 10, "canonically equivalent texts are not the same bytes")
}

@Test func modelsThatAVerdictCannotNameAreReported() {
  var record = example(texts: ["a", "b", "c"])
  record.candidates[2].model = "m0"
  let selected = PairSelector().select(from: record)
  #expect(selected.comparisons.isEmpty)
  #expect(selected.diagnostics.map(\.rule) == ["repeated-model", "no-pair"])
  #expect(PairSelector().select(from: example(texts: ["a"])).diagnostics.map(\.rule) == ["no-pair"])
}
