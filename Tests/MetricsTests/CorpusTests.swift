import JSON
import Metrics
import Testing

/// Texts of few words, so that n-grams repeat within and between them.
private func texts(_ count: Int, seed: UInt64, longest: Int = 30) -> [String] {
  var state = seed
  func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
  return (0..<count).map { _ in
    (0..<next(longest)).map { _ in ["a", "b", "c", "d.", "e"][next(5)] }.joined(separator: " ")
  }
}

/// Self-BLEU as it is defined: each text against a list of all the others.
private func naiveSelfScore(_ texts: [String], _ bleu: BLEU) throws -> Double {
  var bleu = bleu
  var sum = 0.0
  for index in texts.indices {
    var others = texts
    let text = others.remove(at: index)
    sum += try bleu.sentenceScore(text, references: others).score
  }
  return sum / Double(texts.count)
}

@Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
func selfBLEUInOnePassIsThatOfTheDefinition(_ seed: UInt64) throws {
  for (count, longest) in [(2, 8), (3, 30), (12, 20), (40, 5)] {
    let texts = texts(count, seed: seed &* 977 &+ UInt64(count), longest: longest)
    for bleu in [BLEU(), BLEU(smoothing: .add(1)), BLEU(order: 2)] {
      var copy = bleu
      let score = copy.selfScore(texts)
      #expect(score == (try naiveSelfScore(texts, bleu)), "\(texts)")
    }
  }
}

@Test func selfBLEUOfEqualTextsIsThatOfAPerfectMatch() {
  var bleu = BLEU()
  let text = "one two three four five"
  let same = bleu.selfScore([text, text, text])
  #expect(abs((same ?? 0) - 100) < 1e-9)
  let empty = bleu.selfScore(["", ""])
  #expect(empty == 0)
}

@Test func corporaAreScoredAsBySacreBLEU() throws {
  let rows = try Recording.rows("pairs/pairs.jsonl")
  let expected = try Recording.value("pairs/expected.corpus.json")
  var scorer = CorpusScorer()
  var tally = scorer.emptyTally
  for (index, row) in rows.enumerated() {
    scorer.setReference(try row.text("ref"))
    scorer.add(try row.text("hyp"), key: UInt64(index), to: &tally)
  }
  // An answer without a reference counts for everything but comparisons with one.
  scorer.setReference(nil)
  scorer.add("without a reference", key: 999, to: &tally)
  #expect(tally.count == rows.count + 1 && tally.referenceCount == rows.count)
  let values = scorer.values(of: tally)
  func value(_ metric: CorpusMetric) throws -> Double {
    let place = try #require(CorpusMetric.all.firstIndex(of: metric))
    return try #require(values[place])
  }
  #expect(
    isClose(
      try value(.bleu), try #require(expected["bleu"]?["score"]?.number), within: 1e-7))
  #expect(
    isClose(
      try value(.chrf), try #require(expected["chrf"]?["score"]?.number), within: 1e-7))
  var statistics = TextStatistics()
  let all = try rows.map { try $0.text("hyp") } + ["without a reference"]
  // The sample's order decides nothing.
  let distinct = statistics.distinct(all.reversed())[1]
  #expect(try value(.distinct(2)) == distinct)
  var words = 0
  for text in all { words += statistics.wordCount(text) }
  #expect(try value(.wordLength) == Double(words) / Double(all.count))
}

@Test func nothingHasNoScore() {
  var scorer = CorpusScorer()
  let values = scorer.values(of: scorer.emptyTally)
  #expect(values.allSatisfy { $0 == nil })
}

/// A sample is decided by keys alone: models are compared over the same examples.
@Test func samplesAreBoundedAndOfTheSameExamples() throws {
  var scorer = CorpusScorer(sampleSize: 5)
  var forwards = scorer.emptyTally
  var backwards = scorer.emptyTally
  for key in 0..<200 as Range<UInt64> { scorer.add("w\(key) x y", key: key, to: &forwards) }
  for key in (0..<200 as Range<UInt64>).reversed() {
    scorer.add("w\(key) x y", key: key, to: &backwards)
  }
  let values = scorer.values(of: forwards)
  let others = scorer.values(of: backwards)
  #expect(values == others)
  // Five texts of three words, of which two are common to all: 7 of 15 words are different.
  let place = try #require(CorpusMetric.all.firstIndex(of: .distinct(1)))
  #expect(values[place] == 7.0 / 15)
  #expect(CorpusMetric.distinct(1).signature(sampleSize: 5).description.contains("|texts:5|"))
}
