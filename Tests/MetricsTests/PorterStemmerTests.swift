import JSON
import Metrics
import Testing

@Suite struct PorterStemmerTests {
  @Test func equalsNLTKOnWords() throws {
    let rows = zip(
      try Recording.rows("porter/words.jsonl"), try Recording.rows("porter/expected.jsonl"))
    for (row, expected) in rows {
      let word = try row.text("word")
      let stem = try expected.text("stem")
      #expect(PorterStemmer.stem(word).utf8.elementsEqual(stem.utf8), "\(word)")
    }
  }

  @Test func equalsNLTKOnManySuffixes() throws {
    for row in try Recording.rows("hard/stems.jsonl") {
      let word = try row.text("word")
      let stem = try row.text("stem")
      #expect(
        PorterStemmer.stem(word).utf8.elementsEqual(stem.utf8), "\(word), expected \(stem)")
    }
  }

  /// The rules that nltk adds to the paper's, and what is no English word.
  private static let cases: [(String, String)] = [
    ("dies", "die"), ("flies", "fli"), ("spied", "spi"), ("died", "die"), ("enjoy", "enjoy"),
    ("happy", "happi"), ("dying", "die"), ("news", "news"), ("geology", "geolog"),
    ("rationally", "ration"), ("", ""), ("a", "a"), ("as", "as"), ("Yes", "ye"), ("AED", "a"),
    ("\u{E9}\u{E9}ing", "\u{E9}\u{E9}ing"), ("a\u{E9}\u{E9}ing", "a\u{E9}"),
    ("a\u{E9}\u{E8}ing", "a\u{E9}\u{E8}"), ("yyyyy", "yyyyy"), ("YYYYYY", "yyyyyi"),
  ]

  @Test(arguments: cases) func stems(_ word: String, _ stem: String) {
    #expect(PorterStemmer.stem(word).utf8.elementsEqual(stem.utf8))
  }

  @Test func longWordsTakeLittleTime() {
    let word = String(repeating: "y", count: 100_000) + "ization"
    #expect(PorterStemmer.stem(word).utf8.count == 100_000)
  }
}
