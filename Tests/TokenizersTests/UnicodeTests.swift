import JSON
import Testing

@testable import Tokenizers

/// Changes a text by a normalizer.
private func apply(_ normalizer: Normalizer, to text: String) throws -> String {
  var normalized = NormalizedText()
  Array(text.utf8).withView { normalized.set($0) }
  try normalizer.apply(to: &normalized)
  return String(decoding: normalized.current.view.array, as: UTF8.self)
}

@Suite struct UnicodeTests {
  @Test func normalizesAsRecorded() throws {
    let file = try TokenizerFile.read(
      FileBytes.read(TokenizerFixtures.tokenizer("deberta-v3") + "/tokenizer.json"), path: "")
    guard case .sequence(let steps)? = file.normalizer, steps.count == 3,
      case .precompiled = steps[1]
    else {
      Issue.record("the recorded file has other normalizers")
      return
    }
    func form(_ composes: Bool, _ isCompatible: Bool) -> Normalizer {
      .unicode(UnicodeNormalization(composes: composes, isCompatible: isCompatible))
    }
    let normalizers: [(String, Normalizer)] = [
      ("nfc", form(true, false)), ("nfd", form(false, false)), ("nfkc", form(true, true)),
      ("nfkd", form(false, true)), ("lowercase", .lowercase), ("bert", .bert(BertNormalizer())),
      ("map", steps[1]),
    ]
    let rows = try TokenizerFixtures.rows("normalizers.jsonl")
    #expect(rows.count == 250)
    for row in rows {
      let text = try #require(row["text"]?.string)
      for (name, normalizer) in normalizers {
        let wanted = try #require(row[name]?.string)
        let found = try apply(normalizer, to: text)
        #expect(
          found.utf8.elementsEqual(wanted.utf8),
          "\(name) of \(text.unicodeScalars.map { String($0.value, radix: 16) })")
      }
    }
  }

  /// The toolchain's own normalisation is an independent witness for the characters of Unicode 12.
  @Test func composesWhatTheToolchainComposes() throws {
    let nfd = Normalizer.unicode(UnicodeNormalization(composes: false, isCompatible: false))
    let nfc = Normalizer.unicode(UnicodeNormalization(composes: true, isCompatible: false))
    var compared = 0
    // All of the first blocks, and a sample of the large ones.
    for value in Array(UInt32(0)..<0x3400) + stride(from: 0x3401, through: 0x10FFFF, by: 61) {
      guard let scalar = Unicode.Scalar(value),
        let age = scalar.properties.age, age.major < 12 || age.major == 12 && age.minor == 0
      else { continue }
      // Canonical equivalence is what `==` means.
      let text = "a" + String(scalar) + "\u{301}\u{327}"
      guard try apply(nfd, to: text) == text, try apply(nfc, to: text) == text else {
        Issue.record("U+\(String(value, radix: 16))")
        continue
      }
      compared += 1
    }
    #expect(compared > 14_000)
  }

  /// Swift's characters are extended grapheme clusters, too.
  @Test func cutsTextsIntoCharacters() throws {
    let rows = try TokenizerFixtures.rows("normalizers.jsonl")
    for row in rows {
      let text = try #require(row["text"]?.string)
      let clusters = Array(text.utf8).withView { view in
        var cutter = GraphemeClusters(view)
        var clusters: [[UInt8]] = []
        while let range = cutter.next() { clusters.append(view[range].array) }
        return clusters
      }
      #expect(clusters == text.map { Array($0.utf8) }, "\(text.debugDescription)")
    }
  }

  @Test func findsTheEndsOfWordsAsTheirExpressionsDo() throws {
    let expressions = [
      WordPattern.gpt2Expression,
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"#
        + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"#
        + #"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
    ]
    var texts = try TokenizerFixtures.rows("normalizers.jsonl").compactMap { $0["text"]?.string }
    texts += try TokenizerFixtures.rows("roberta/strings.jsonl").compactMap { $0["text"]?.string }
    texts += ["'\u{17F}'S'LL're'Ve 's", " \n \r\n a", "\n\n ", "12345 6", "a  \u{85}b", " !\n\nx"]
    for expression in expressions {
      let pattern = try #require(WordPattern(expression: expression))
      let witness = try RegularExpression(expression)
      for text in texts {
        try Array(text.utf8).withView { view in
          var wanted: [Range<Int>] = []
          try witness.forEachMatch(in: view) { wanted.append($0) }
          var found: [Range<Int>] = []
          var start = 0
          while start < view.count {
            let end = pattern.end(in: view, from: start)
            found.append(start..<end)
            start = end
          }
          #expect(found == wanted, "\(expression.prefix(20)) in \(text.debugDescription)")
        }
      }
    }
  }
}
