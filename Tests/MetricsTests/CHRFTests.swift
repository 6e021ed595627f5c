import JSON
import Metrics
import Testing

@Suite struct CHRFTests {
  @Test func equalsSacreBLEUOnPairs() throws {
    var chrf = CHRF()
    let rows = zip(
      try Recording.rows("pairs/pairs.jsonl"), try Recording.rows("pairs/expected.jsonl"))
    for (pair, expected) in rows {
      let score = try chrf.sentenceScore(
        try pair.text("hyp"), references: [try pair.text("ref")])
      #expect(
        isClose(score, try expected.number("chrf"), within: 1e-7), "row \(pair["id"]?.int ?? -1)")
    }
  }

  @Test func equalsSacreBLEUOnHardTexts() throws {
    var metrics: [(String, CHRF)] = [
      ("chrf", CHRF()), ("chrf_pp_eps", CHRF(wordOrder: 2, usesEpsilonSmoothing: true)),
      ("chrf_lowercase", CHRF(lowercase: true)),
    ]
    let rows = zip(
      try Recording.rows("hard/texts.jsonl"), try Recording.rows("hard/expected.jsonl"))
    for (texts, expected) in rows {
      for index in metrics.indices {
        let score = try metrics[index].1.sentenceScore(
          try texts.text("hyp"), references: try texts.texts("refs"))
        let value = try expected.number(metrics[index].0)
        #expect(isClose(score, value, within: 1e-7), "row \(texts["id"]?.int ?? -1), \(index)")
      }
    }
  }

  @Test func takesTheBestReference() throws {
    var chrf = CHRF()
    let rows = zip(
      try Recording.rows("multiref/multi.jsonl"), try Recording.rows("multiref/expected.jsonl"))
    for (texts, expected) in rows {
      let score = try chrf.sentenceScore(
        try texts.text("hyp"), references: try texts.texts("refs"))
      #expect(isClose(score, try expected.number("chrf"), within: 1e-7))
    }
  }

  private static let corpora: [(String, CHRF)] = [
    ("chrf", CHRF()), ("chrf_pp", CHRF(wordOrder: 2)),
    ("chrf_lower_eps", CHRF(lowercase: true, usesEpsilonSmoothing: true)),
  ]

  @Test(arguments: corpora) func equalsSacreBLEUOnACorpus(_ name: String, _ chrf: CHRF) throws {
    let pairs = try Recording.rows("pairs/pairs.jsonl")
    let expected = try #require(Recording.value("pairs/expected.corpus.json")[name])
    var chrf = chrf
    let score = try chrf.corpusScore(
      pairs.map { try $0.text("hyp") }, references: pairs.map { [try $0.text("ref")] })
    #expect(isClose(score, try expected.number("score"), within: 1e-7))
    let signature = chrf.signature(referenceCount: 1).description
    let theirs = try expected.text("signature")
    let options = theirs.split(separator: "|").dropLast().joined(separator: "|")
    #expect(signature == "chrf|\(options)|version:\(ScoreSignature.currentVersion)")
  }

  @Test func equalsSacreBLEUOnACorpusWithVaryingReferences() throws {
    let rows = try Recording.rows("hard/texts.jsonl")
    var chrf = CHRF()
    let score = try chrf.corpusScore(
      rows.map { try $0.text("hyp") }, references: rows.map { try $0.texts("refs") })
    let expected = try Recording.value("hard/expected.corpus.json").number("chrf")
    #expect(isClose(score, expected, within: 1e-7))
  }

  @Test func refusesWhatItCannotScore() {
    var chrf = CHRF()
    #expect(throws: MetricsError.noReferences(metric: "chrf")) {
      try chrf.sentenceScore("a", references: [])
    }
    #expect(throws: MetricsError.emptyCorpus(metric: "chrf")) {
      try chrf.corpusScore([], references: [])
    }
    #expect(throws: MetricsError.countMismatch(metric: "chrf", hypotheses: 2, references: 1)) {
      try chrf.corpusScore(["a", "b"], references: [["a"]])
    }
  }
}
