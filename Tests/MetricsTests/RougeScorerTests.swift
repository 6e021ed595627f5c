import JSON
import Metrics
import Testing

@Suite struct RougeScorerTests {
  private static let names = ["rouge1", "rouge2", "rougeL", "rougeLsum"]

  private static func types(_ names: [String]) -> [RougeType] {
    names.compactMap { RougeType(name: $0) }
  }

  private func check(
    _ scores: [RougeScore], _ types: [RougeType], _ expected: JSONValue?, _ id: Int?
  ) throws {
    #expect(scores.count == types.count)
    for (score, type) in zip(scores, types) {
      let row = try #require(expected?[type.name])
      let (p, r, f) = (try row.number("p"), try row.number("r"), try row.number("f"))
      let isEqual =
        isClose(score.precision, p, within: 1e-9) && isClose(score.recall, r, within: 1e-9)
        && isClose(score.f, f, within: 1e-9)
      #expect(isEqual, "row \(id ?? -1), \(type.name): \(score), expected \(row.json())")
    }
  }

  @Test(arguments: [true, false]) func equalsRougeScoreOnPairs(useStemmer: Bool) throws {
    let types = Self.types(Self.names)
    var scorer = RougeScorer(types: types, useStemmer: useStemmer)
    let rows = zip(
      try Recording.rows("pairs/pairs.jsonl"), try Recording.rows("pairs/expected.jsonl"))
    for (pair, expected) in rows {
      let scores = scorer.score(
        candidate: try pair.text("hyp"), reference: try pair.text("ref"))
      try check(scores, types, expected[useStemmer ? "stem" : "nostem"], pair["id"]?.int)
    }
  }

  @Test(arguments: [true, false]) func equalsRougeScoreOnHardTexts(useStemmer: Bool) throws {
    let types = Self.types(Self.names + ["rouge3"])
    var scorer = RougeScorer(types: types, useStemmer: useStemmer)
    let rows = zip(
      try Recording.rows("hard/texts.jsonl"), try Recording.rows("hard/expected.jsonl"))
    for (texts, expected) in rows {
      let scores = try scorer.score(
        candidate: try texts.text("hyp"), references: try texts.texts("refs"))
      try check(scores, types, expected[useStemmer ? "stem" : "nostem"], texts["id"]?.int)
    }
  }

  @Test func takesTheBestReferenceOfEachMeasure() throws {
    let types = Self.types(Self.names)
    var scorer = RougeScorer(types: types, useStemmer: true)
    let rows = zip(
      try Recording.rows("multiref/multi.jsonl"), try Recording.rows("multiref/expected.jsonl"))
    for (texts, expected) in rows {
      let scores = try scorer.score(
        candidate: try texts.text("hyp"), references: try texts.texts("refs"))
      try check(scores, types, expected["rouge"], texts["id"]?.int)
    }
    #expect(throws: MetricsError.noReferences(metric: "rouge")) {
      try scorer.score(candidate: "a", references: [])
    }
  }

  /// Candidate, reference and the f of rouge1 with stemmer.
  private static let edgeCases: [(String, String, Double)] = [
    ("", "", 0), ("a", "", 0), ("", "a", 0), ("\u{4E2D}\u{6587}", "\u{4E2D}\u{6587}", 0),
    ("\u{212A}elvin", "kelvin", 1), ("\u{130}", "i", 1), ("\u{130}stanbul", "i stanbul", 1),
    ("e\u{301}cole", "e cole", 1), ("a\0b", "a b", 1), ("A\r\nB", "a b", 1),
    ("running", "runs", 1), ("flies", "fly", 0),
  ]

  @Test(arguments: edgeCases) func tokenizes(
    _ candidate: String, _ reference: String, _ f: Double
  ) throws {
    var scorer = RougeScorer(types: [.nGrams(1)], useStemmer: true)
    let score = try #require(scorer.score(candidate: candidate, reference: reference).first)
    #expect(isClose(score.f, f, within: 1e-12))
  }

  @Test func aPreparedReferenceGivesTheSameScores() throws {
    let types = Self.types(Self.names)
    var scorer = RougeScorer(types: types, useStemmer: true)
    let rows = try Recording.rows("hard/texts.jsonl")
    let reference = try #require(rows.first { ($0["refs"]?.array?.first?.string ?? "").count > 99 })
    let text = try #require(reference.texts("refs").first)
    let prepared = scorer.prepare(text)
    for row in rows.prefix(50) {
      let candidate = try row.text("hyp")
      #expect(
        scorer.score(candidate: candidate, reference: prepared)
          == scorer.score(candidate: candidate, reference: text))
    }
  }

  @Test func namesAreRougeScores() {
    for name in Self.names + ["rouge9"] { #expect(RougeType(name: name)?.name == name) }
    for name in ["rouge0", "rouge10", "rougel", "rouge", "rouge\u{661}", "ROUGE1", ""] {
      #expect(RougeType(name: name) == nil)
    }
  }
}
