import JSON
import Metrics
import Testing

@Suite struct BLEUTests {
  private func check(_ score: BLEUScore, _ expected: JSONValue, _ id: Int?) throws {
    let counts = try expected.integers("counts")
    let totals = try expected.integers("totals")
    #expect(score.counts == counts, "row \(id ?? -1)")
    #expect(score.totals == totals, "row \(id ?? -1)")
    #expect(isClose(score.brevityPenalty, try expected.number("bp"), within: 1e-12))
    #expect(score.hypothesisLength == expected["sys_len"]?.int, "row \(id ?? -1)")
    #expect(score.referenceLength == expected["ref_len"]?.int, "row \(id ?? -1)")
  }

  @Test func equalsSacreBLEUOnPairs() throws {
    var bleu = BLEU()
    let rows = zip(
      try Recording.rows("pairs/pairs.jsonl"), try Recording.rows("pairs/expected.jsonl"))
    for (pair, row) in rows {
      let expected = try #require(row["bleu"])
      let score = try bleu.sentenceScore(
        try pair.text("hyp"), references: [try pair.text("ref")])
      try check(score, expected, pair["id"]?.int)
      #expect(isClose(score.score, try expected.number("score"), within: 1e-7))
      let precisions = try #require(expected["precisions"]?.array)
      for (precision, value) in zip(score.precisions, precisions) {
        #expect(isClose(precision, try #require(value.number), within: 1e-7))
      }
    }
  }

  @Test func equalsSacreBLEUOnHardTexts() throws {
    var metrics: [(String, BLEU)] = [
      ("bleu", BLEU()), ("bleu_lowercase", BLEU(lowercase: true)),
      ("bleu_char", BLEU(tokenizer: .character)),
      ("bleu_none_floor", BLEU(tokenizer: .whiteSpace, smoothing: .floor(0.1))),
      ("bleu_add_k", BLEU(smoothing: .add(0.5))),
    ]
    let rows = zip(
      try Recording.rows("hard/texts.jsonl"), try Recording.rows("hard/expected.jsonl"))
    for (texts, expected) in rows {
      for index in metrics.indices {
        let score = try metrics[index].1.sentenceScore(
          try texts.text("hyp"), references: try texts.texts("refs"))
        if index == 0 { try check(score, expected, texts["id"]?.int) }
        let value = try expected.number(metrics[index].0)
        #expect(
          isClose(score.score, value, within: 1e-7), "row \(texts["id"]?.int ?? -1), \(index)")
      }
    }
  }

  @Test func equalsSacreBLEUWithSeveralReferences() throws {
    var bleu = BLEU()
    let rows = zip(
      try Recording.rows("multiref/multi.jsonl"), try Recording.rows("multiref/expected.jsonl"))
    for (texts, expected) in rows {
      let score = try bleu.sentenceScore(
        try texts.text("hyp"), references: try texts.texts("refs"))
      #expect(isClose(score.score, try expected.number("bleu"), within: 1e-7))
    }
  }

  private static let corpora: [(String, BLEU)] = [
    ("bleu", BLEU()), ("bleu_lowercase", BLEU(lowercase: true)),
    ("bleu_floor", BLEU(smoothing: .floor(0.1))), ("bleu_add_k", BLEU(smoothing: .add(1))),
    ("bleu_none", BLEU(smoothing: .none)), ("bleu_char", BLEU(tokenizer: .character)),
    ("bleu_tok_none", BLEU(tokenizer: .whiteSpace)),
  ]

  @Test(arguments: corpora) func equalsSacreBLEUOnACorpus(_ name: String, _ bleu: BLEU) throws {
    let pairs = try Recording.rows("pairs/pairs.jsonl")
    let expected = try #require(Recording.value("pairs/expected.corpus.json")[name])
    var bleu = bleu
    let score = try bleu.corpusScore(
      pairs.map { try $0.text("hyp") }, references: pairs.map { [try $0.text("ref")] })
    #expect(isClose(score.score, try expected.number("score"), within: 1e-7))
    // sacreBLEU reports add-k's counts with k in them.
    if name != "bleu_add_k" { try check(score, expected, nil) }
    let signature = bleu.signature(referenceCount: 1, isCorpus: true).description
    let theirs = try expected.text("signature")
    let options = theirs.split(separator: "|").dropLast().joined(separator: "|")
    #expect(signature == "bleu|\(options)|version:\(ScoreSignature.currentVersion)")
  }

  @Test func equalsSacreBLEUOnACorpusWithVaryingReferences() throws {
    let rows = try Recording.rows("hard/texts.jsonl")
    var bleu = BLEU()
    let score = try bleu.corpusScore(
      rows.map { try $0.text("hyp") }, references: rows.map { try $0.texts("refs") })
    let expected = try Recording.value("hard/expected.corpus.json").number("bleu")
    #expect(isClose(score.score, expected, within: 1e-7))
  }

  @Test func selfBLEUIsTheMeanAgainstTheOthers() throws {
    var bleu = BLEU()
    let rows = zip(
      try Recording.rows("multiref/groups.jsonl"),
      try Recording.rows("multiref/expected.selfbleu.jsonl"))
    for (group, expected) in rows {
      let score = try #require(bleu.selfScore(try group.texts("texts")))
      #expect(isClose(score, try expected.number("self_bleu"), within: 1e-7))
    }
    #expect(bleu.selfScore(["alone"]) == nil)
    #expect(bleu.selfScore([]) == nil)
  }

  /// Texts and the same texts with spaces between 13a's tokens.
  private static let tokenized: [(String, String)] = [
    ("a..5", "a . .5"), ("x....y", "x . . . . y"), ("5.,3", "5 . , 3"), ("1,000.50", "1,000.50"),
    ("5.", "5 ."), (".5", ". 5"), ("5-3", "5 - 3"), ("e-mail", "e-mail"), ("don't", "don't"),
    ("(a)", "( a )"), ("a\u{A0}b", "a b"), ("a\u{3000}b", "a b"), ("a\u{200B}b", "a\u{200B}b"),
    ("well-\nknown", "wellknown"), ("end-\n", "end-"), ("&amp;quot;", "& quot ;"),
    ("&amp;lt;", "<"), ("a<skipped>b", "ab"), ("<skip<skipped>ped>", "< skipped >"),
    ("--\n\n5-", "- 5 -"), ("a\u{1C}b", "a b"), ("é.é", "é . é"), ("٣.٣", "٣ . ٣"),
  ]

  @Test(arguments: tokenized) func tokenizesLike13a(_ text: String, _ tokens: String) throws {
    var bleu = BLEU()
    var words = BLEU(tokenizer: .whiteSpace)
    // Equal tokens: the same number of them, and all of them match.
    let length = try words.sentenceScore(tokens, references: [tokens]).hypothesisLength
    let score = try bleu.sentenceScore(text, references: [text])
    #expect(score.hypothesisLength == length)
    let pieces = tokens.split(separator: " ").map(String.init)
    for piece in pieces where !piece.contains(where: { "<>".contains($0) }) {
      #expect(try bleu.sentenceScore(piece, references: [text]).counts[0] >= 1, "\(piece)")
    }
  }

  @Test func refusesWhatItCannotScore() {
    var bleu = BLEU()
    #expect(throws: MetricsError.noReferences(metric: "bleu")) {
      try bleu.sentenceScore("a", references: [])
    }
    #expect(throws: MetricsError.emptyCorpus(metric: "bleu")) {
      try bleu.corpusScore([], references: [])
    }
    #expect(throws: MetricsError.countMismatch(metric: "bleu", hypotheses: 1, references: 2)) {
      try bleu.corpusScore(["a"], references: [["a"], ["b"]])
    }
    #expect(throws: MetricsError.noReferences(metric: "bleu")) {
      try bleu.corpusScore(["a"], references: [[]])
    }
  }
}
