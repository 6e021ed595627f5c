import Dispatch
import Foundation
import JSON
import Synchronization
import Testing

@testable import Tokenizers

@Suite struct TokenizerTests {
  @Test func knowsItsTokens() throws {
    let bert = try tokenizer("all-minilm-l6-v2-real")
    #expect(bert.vocabularySize == 30_522)
    #expect(bert.tokenID(for: "[CLS]") == 101)
    #expect(bert.token(for: 102) == "[SEP]")
    #expect(bert.tokenID(for: "##ing") == bert.tokenID(for: "##ing"))
    #expect(bert.tokenID(for: "no such token") == nil)
    #expect(bert.token(for: 30_522) == nil && bert.token(for: -1) == nil)
    #expect(bert.specialTokens.cls == 101 && bert.specialTokens.sep == 102)
    #expect(bert.specialTokens.pad == 0 && bert.specialTokens.unk == 100)
    #expect(bert.specialTokens.mask == 103)
    #expect(bert.specialTokens.bos == nil && bert.specialTokens.eos == nil)
    #expect(bert.maximumLength == 512)
    #expect(bert.specialTokenCount() == 2 && bert.specialTokenCount(forPair: true) == 3)
    let t5 = try tokenizer("t5-hub")
    #expect(t5.specialTokens.eos == 1 && t5.specialTokens.additional.count == 100)
    #expect(t5.tokenID(for: "<extra_id_0>") == TokenID(t5.vocabularySize - 1))
    let llama = try tokenizer("llama")
    #expect(llama.specialTokens.bos == 1)
    #expect(try llama.encode("") == [1])
  }

  @Test func keysVocabulariesByBytes() throws {
    // Both are one string to Swift.
    let file = #"""
      {"model": {"type": "WordLevel", "unk_token": "u",
                 "vocab": {"u": 0, "\u00e9": 1, "e\u0301": 2}}}
      """#
    let folder = try ScratchFolder(texts: ["tokenizer.json": file])
    let tokenizer = try Tokenizer(folder: folder.path)
    #expect(try tokenizer.encode("\u{E9}") == [1])
    #expect(try tokenizer.encode("e\u{301}") == [2])
    #expect(tokenizer.tokenID(for: "e\u{301}") == 2)
  }

  @Test func appendsToBuffersAndEncodesBatches() throws {
    let tokenizer = try tokenizer("deberta-v3")
    let texts = try TokenizerFixtures.rows("deberta-v3/strings.jsonl").compactMap {
      $0["text"]?.string
    }
    var ids: [TokenID] = []
    var wanted: [TokenID] = []
    for text in texts {
      try tokenizer.appendIDs(of: text, to: &ids)
      wanted += try tokenizer.encode(text, addingSpecialTokens: false)
    }
    #expect(ids == wanted)
    let single = try texts.map { try tokenizer.encode($0, maximumLength: 9) }
    #expect(try tokenizer.encode(batch: texts, maximumLength: 9) == single)
    #expect(try tokenizer.encode(batch: texts, maximumLength: 9, threads: 4) == single)
    #expect(try tokenizer.encode(batch: [], threads: 4).isEmpty)
  }

  @Test(arguments: ["bert-uncased", "roberta", "t5-converted", "llama"])
  func encodesAlikeOnManyThreads(_ name: String) throws {
    let tokenizer = try tokenizer(name)
    let texts = try TokenizerFixtures.rows("roberta/strings.jsonl").compactMap {
      $0["text"]?.string
    }
    let wanted = try texts.map { try tokenizer.encode($0) }
    let differences = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      if (try? texts.map { try tokenizer.encode($0) }) != wanted {
        differences.withLock { $0 += 1 }
      }
    }
    #expect(differences.withLock { $0 } == 0)
  }

  /// More words than are remembered, each twice.
  @Test func forgetsWordsWithoutMixingThemUp() throws {
    let tokenizer = try tokenizer("roberta")
    let plain = try TokenizerFixtures.plain(TokenizerFixtures.tokenizer("roberta"))
    let words = (0..<70_000).map { "w\($0 &* 7_919 % 1_000_003)" }.joined(separator: " ")
    let ids = try tokenizer.encode(words)
    #expect(try tokenizer.encode(words) == ids)
    #expect(try plain.encode(words) == ids)
    #expect(try tokenizer.decode(ids) == words)
  }

  @Test func takesLongPieces() throws {
    for name in ["bert-uncased", "roberta", "t5-converted", "llama"] {
      let tokenizer = try tokenizer(name)
      let plain = try TokenizerFixtures.plain(TokenizerFixtures.tokenizer(name))
      for unit in ["a", "the", "\u{2581}", " ", "\n", "é", "\u{301}", "😀"] {
        let text = String(repeating: unit, count: 5_000)
        #expect(try tokenizer.encode(text) == plain.encode(text), "\(name) \(unit)")
      }
    }
  }

  @Test func cutsToLengths() throws {
    let bert = try tokenizer("bert-uncased")
    let ids = try bert.encode("the quick brown fox jumps")
    #expect(try bert.encode("the quick brown fox jumps", maximumLength: 2).count == 2)
    #expect(try bert.encode("the quick", maximumLength: 99) == bert.encode("the quick"))
    let left = try bert.encode(
      "the quick brown fox jumps", pairedWith: nil,
      truncation: Truncation(maximumLength: 5, side: .left))
    #expect(left.ids == [ids[0]] + ids.suffix(4))
    let error = #expect(throws: TokenizerError.self) { try bert.encode("a", maximumLength: 1) }
    #expect(
      error?.description == "cannot cut to 1 tokens: the special tokens alone are 2")
  }

  @Test(arguments: [
    (Truncation.Strategy.longestFirst, 10, 20, 16, 8, 8), (.longestFirst, 4, 20, 16, 4, 12),
    (.longestFirst, 20, 4, 16, 12, 4), (.longestFirst, 9, 9, 17, 8, 9),
    (.longestFirst, 9, 8, 5, 3, 2), (.longestFirst, 30, 20, 0, 0, 0),
    (.onlyFirst, 10, 20, 25, 5, 20), (.onlySecond, 10, 20, 25, 10, 15),
    (.longestFirst, 3, 4, 7, 3, 4),
    (.longestFirstByTurns, 10, 20, 16, 8, 8), (.longestFirstByTurns, 4, 20, 16, 4, 12),
    (.longestFirstByTurns, 10, 20, 17, 9, 8), (.longestFirst, 10, 20, 17, 8, 9),
    (.longestFirstByTurns, 9, 9, 17, 9, 8), (.longestFirstByTurns, 20, 4, 16, 12, 4),
    (.longestFirstByTurns, 30, 20, 1, 1, 0), (.longestFirstByTurns, 3, 4, 7, 3, 4),
  ])
  func sharesTheRoom(
    _ strategy: Truncation.Strategy, _ first: Int, _ second: Int, _ room: Int, _ keptFirst: Int,
    _ keptSecond: Int
  ) throws {
    let truncation = Truncation(maximumLength: room + 3, strategy: strategy)
    let kept = try truncation.kept(first: first, second: second, added: 3)
    #expect(kept == (keptFirst, keptSecond))
  }

  @Test func decodesWhatItCan() throws {
    let roberta = try tokenizer("roberta")
    // Models have more rows than tokenizers have tokens.
    #expect(try roberta.decode([0, 99_999, 2]) == "")
    #expect(throws: TokenizerError.invalidID(-1)) { try roberta.decode([-1]) }
    #expect(try roberta.decode([]) == "")
    // Half a character.
    let ids = try roberta.encode("😀", addingSpecialTokens: false)
    #expect(try roberta.decode(ids.dropLast()).hasSuffix("\u{FFFD}"))
  }

  /// transformers has a tokenizer.json converted again for a space, and for T5 forgets which.
  @Test func putsASpaceBeforeT5TextsWhereATokenizerFileIsConvertedAgain() throws {
    let name = "tokenizer_config.json"
    func encode(without removed: String?) throws -> [TokenID] {
      let config = #"{"tokenizer_class": "T5Tokenizer", "add_prefix_space": false}"#
      let folder = try ScratchFolder(
        copying: TokenizerFixtures.tokenizer("t5-converted"),
        without: Set([name, removed].compactMap { $0 }), files: [name: Data(config.utf8)])
      return try Tokenizer(folder: folder.path).encode("more")
    }
    let spaced = try tokenizer("t5-converted").encode("more")
    #expect(try encode(without: nil) == spaced)
    #expect(try encode(without: "tokenizer.json") != spaced)
  }

  @Test func signaturesTellTokenizersApart() throws {
    #expect(try tokenizer("llama").signature != tokenizer("unigram").signature)
    #expect(try tokenizer("llama").signature == tokenizer("llama").signature)
  }

  /// transformers writes this where a model has no limit; no 64 bits hold it.
  @Test func readsNumbersThatPythonWrites() throws {
    let name = "tokenizer_config.json"
    let config = #"""
      {"model_max_length": 1000000000000000019884624838656, "a": "1000000000000000019884624838656",
       "b": [-1000000000000000019884624838656, 1e300, 12345678901234567890.5]}
      """#
    let folder = try ScratchFolder(
      copying: TokenizerFixtures.tokenizer("roberta"), without: [name],
      files: [name: Data(config.utf8)])
    let tokenizer = try Tokenizer(folder: folder.path)
    #expect(tokenizer.maximumLength == nil)
    #expect(try tokenizer.encode("hi") == self.tokenizer("roberta").encode("hi"))
  }

  /// 17 digits do not fit into a double before they are scaled.
  @Test func readsScoresAsTheReferenceDoes() {
    #expect(DecimalNumber.value(readAs: -2.0154635906219482) == -2.015463590621948)
    for score in [-13.0, 0.0, -0.1, 0.3, 1e-7, -100.0, 1e300, -.infinity] {
      #expect(DecimalNumber.value(readAs: score) == score)
    }
    for score in [-3.5298562049865723, -6.345169544219971, 1.7976931348623157e308] {
      #expect(abs(DecimalNumber.value(readAs: score) - score) <= score.magnitude.ulp)
    }
  }

  private func tokenizer(_ name: String) throws -> Tokenizer {
    try Tokenizer(folder: TokenizerFixtures.tokenizer(name))
  }
}
