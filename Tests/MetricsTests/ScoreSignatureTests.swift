import Metrics
import Testing

@Suite struct ScoreSignatureTests {
  private static let signatures: [(String, Bool, String)] = [
    ("rouge1", true, "rouge1|stemmer:yes|version:mixinstruct-1"),
    ("rougeL", false, "rougeL|stemmer:no|version:mixinstruct-1"),
    ("rougeLsum", true, "rougeLsum|stemmer:yes|lsum-split:newline|version:mixinstruct-1"),
    ("bleu", true, "bleu|nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp|version:mixinstruct-1"),
    ("chrf", true, "chrf|nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:mixinstruct-1"),
    ("distinct2", true, "distinct2|tok:white-space|case:mixed|version:mixinstruct-1"),
    ("length_characters", true, "length_characters|unit:scalar|version:mixinstruct-1"),
    ("length_words", true, "length_words|unit:white-space-word|version:mixinstruct-1"),
  ]

  @Test(arguments: signatures) func isWrittenInOneWay(
    _ name: String, _ useStemmer: Bool, _ text: String
  ) throws {
    let scorer = try LexicalScorer(metrics: [name], useStemmer: useStemmer)
    #expect(scorer.signatures.map(\.description) == [text])
  }

  @Test func saysRangeAndDirection() throws {
    let bleu = BLEU().signature(referenceCount: nil, isCorpus: true)
    #expect(bleu.range == 0...100)
    #expect(bleu.direction == .higherIsBetter)
    #expect(bleu.description.hasPrefix("bleu|nrefs:var|case:mixed|eff:no|"))
    #expect(BLEU().selfSignature.direction == .lowerIsBetter)
    #expect(try LexicalMetric(name: "length_words").signature(useStemmer: true).range.contains(1e9))
    #expect(
      BLEU(order: 2).signature(referenceCount: 1, isCorpus: false)
        != BLEU().signature(
          referenceCount: 1, isCorpus: false))
    #expect(
      CHRF(beta: 3).signature(referenceCount: 1) != CHRF().signature(referenceCount: 1))
  }
}
