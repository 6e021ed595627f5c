import JSON
import Metrics
import Testing

@Suite struct LexicalScorerTests {
  private static let names = [
    "bleu", "rougeLsum", "chrf", "rouge1", "length_words", "rougeL", "distinct2", "rouge2",
    "length_characters", "distinct1",
  ]

  @Test(arguments: [true, false]) func givesEachMetricsOwnValues(useStemmer: Bool) throws {
    var scorer = try LexicalScorer(metrics: Self.names, useStemmer: useStemmer)
    #expect(scorer.metrics.map(\.name) == Self.names)
    let rows = zip(
      try Recording.rows("pairs/pairs.jsonl"), try Recording.rows("pairs/expected.jsonl"))
    for (pair, expected) in rows {
      let (candidate, reference) = (try pair.text("hyp"), try pair.text("ref"))
      let values = scorer.score(candidate: candidate, reference: reference)
      let prepared = scorer.prepare(reference)
      #expect(scorer.score(candidate: candidate, reference: prepared) == values)
      // The same reference again, which is remembered.
      #expect(scorer.score(candidate: candidate, reference: reference) == values)
      #expect(values.count == Self.names.count)
      for (name, value) in zip(Self.names, values) {
        switch (name, value) {
        case ("bleu", .number(let score)):
          #expect(isClose(score, try #require(expected["bleu"]).number("score"), within: 1e-7))
        case ("chrf", .number(let score)):
          #expect(isClose(score, try expected.number("chrf"), within: 1e-7))
        case (_, .rouge(let score)):
          let row = try #require(expected[useStemmer ? "stem" : "nostem"]?[name])
          #expect(isClose(score.f, try row.number("f"), within: 1e-9))
          #expect(value.number == score.f)
        case ("length_characters", .number(let count)):
          #expect(count == Double(candidate.unicodeScalars.count))
        case ("length_words", .number), ("distinct1", .number), ("distinct2", .number): break
        default: Issue.record("\(name) has an unexpected kind of value")
        }
      }
    }
  }

  @Test func lengthsAreThoseOfPython() throws {
    var scorer = try LexicalScorer(metrics: ["length_characters", "length_words"])
    let rows = zip(
      try Recording.rows("hard/texts.jsonl"), try Recording.rows("hard/expected.jsonl"))
    for (texts, expected) in rows {
      let values = scorer.score(candidate: try texts.text("hyp"), reference: "")
      #expect(values[0] == .number(try expected.number("characters")))
      #expect(values[1] == .number(try expected.number("words")))
    }
  }

  /// Text, n, and distinct-n.
  private static let distinct: [(String, Int, Double)] = [
    ("", 1, 0), (" \n", 2, 0), ("a", 1, 1), ("a", 2, 0), ("a a a a", 1, 0.25),
    ("a b a b a", 2, 0.5), ("A a", 1, 1), ("a b c a b c d", 3, 0.8), ("x x x x x", 4, 0.5),
    ("e\u{301} \u{E9}", 1, 1),
  ]

  @Test(arguments: distinct) func distinctIsNewOverAll(
    _ text: String, _ n: Int, _ value: Double
  ) throws {
    var scorer = try LexicalScorer(metrics: ["distinct\(n)"])
    #expect(scorer.score(candidate: text, reference: "unused") == [.number(value)])
  }

  @Test func distinctOfSeveralTextsSharesOneTable() {
    var statistics = TextStatistics(maximumOrder: 2)
    // a b | a c: words a b c of 4; pairs "a b", "a c" of 2, none across the border.
    #expect(statistics.distinct(["a b", "a c"]) == [0.75, 1])
    #expect(statistics.distinct(["a b", "a b"]) == [0.5, 0.5])
    #expect(statistics.distinct([]) == [0, 0])
    #expect(statistics.distinct(["", "a"]) == [1, 0])
  }

  @Test func anUnknownMetricIsNamedWithANearOne() throws {
    let error = try #require(throws: MetricsError.self) {
      try LexicalScorer(metrics: ["rouge1", "rougeLSun"])
    }
    #expect(
      error.description == """
        unknown metric "rougeLSun", did you mean rougeLsum? known are rouge1, rouge2, rouge3, \
        rouge4, rouge5, rouge6, rouge7, rouge8, rouge9, rougeL, rougeLsum, bleu, chrf, distinct1, \
        distinct2, distinct3, distinct4, length_characters, length_words
        """)
    let other = try #require(throws: MetricsError.self) {
      try LexicalScorer(metrics: ["perplexity"])
    }
    #expect(other.description.hasPrefix("unknown metric \"perplexity\": known are rouge1, "))
  }

  @Test func noMetricsGiveNoValues() throws {
    var scorer = try LexicalScorer(metrics: [])
    #expect(scorer.score(candidate: "a", reference: "b").isEmpty)
  }

  @Test func aMetricMayBeAskedForTwice() throws {
    var scorer = try LexicalScorer(metrics: ["rouge1", "bleu", "rouge1"])
    let values = scorer.score(candidate: "a b", reference: "a c")
    #expect(values.count == 3)
    #expect(values[0] == values[2])
  }
}
