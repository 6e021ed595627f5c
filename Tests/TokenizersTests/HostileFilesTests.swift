import Foundation
import RandomNumbers
import Testing

@testable import Tokenizers

/// A copy of bytes with something wrong.
private func mutated(_ bytes: Data, _ generator: inout SplitMix64) -> Data {
  var bytes = bytes
  for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
    let place = Int.random(in: 0..<bytes.count, using: &generator)
    switch Int.random(in: 0..<7, using: &generator) {
    case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
    case 1: bytes = bytes.prefix(place)
    case 2: bytes.remove(at: place)
    case 3: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
    case 4:
      let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
      bytes.replaceSubrange(place..<end, with: [])
    case 5:
      let end = min(bytes.count, place + Int.random(in: 1...40, using: &generator))
      bytes.insert(contentsOf: Data(bytes[place..<end]), at: place)
    default:
      let insertion = ["9999999999", "-1", "null", "[]", "{}", "\"\"", "1e999", "true"]
        .randomElement(using: &generator)
      bytes.insert(contentsOf: Data((insertion ?? "").utf8), at: place)
    }
    bytes = Data(bytes)
  }
  return bytes
}

/// Files with something wrong load or give an error of one line; what loads can be used.
@Suite struct HostileFilesTests {
  private static let texts = [
    "", "the <s> é\u{301} </s> [MASK] 😀\u{200D} \u{0} \u{FFFD}", "a \u{2581}b\n\nc   ",
  ]

  private static func setting(_ name: String) -> Int? {
    Int(ProcessInfo.processInfo.environment[name] ?? "")
  }

  /// `FUZZ_ROUNDS` sets another number for a longer search, `FUZZ_SEED` looks elsewhere.
  private static let rounds = setting("FUZZ_ROUNDS") ?? 25
  private static let seed = UInt64(clamping: setting("FUZZ_SEED") ?? 0) << 32

  private func load(_ path: String) throws -> Bool {
    do {
      let tokenizer = try Tokenizer(folder: path)
      for text in Self.texts {
        do throws(TokenizerError) {
          let ids = try tokenizer.encode(text)
          _ = try tokenizer.decode(ids)
          _ = try tokenizer.encode(text, pairedWith: text)
        } catch {
          Self.check(error)
        }
      }
      return true
    } catch let error as TokenizerError {
      Self.check(error)
      return false
    }
  }

  /// An error is one line of readable length.
  private static func check(_ error: TokenizerError) {
    let text = error.description
    #expect(!text.isEmpty && text.utf8.count < 4096)
    #expect(!text.utf8.contains(0x0A), "\(text)")
  }

  @Test(arguments: [
    ("t5-hub", "tokenizer.json"), ("bert-uncased", "tokenizer.json"),
    ("roberta", "tokenizer.json"), ("llama", "tokenizer.json"),
    ("bert-uncased", "tokenizer_config.json"), ("deberta-v3", "tokenizer_config.json"),
  ])
  func survivesBrokenJSON(_ name: String, _ file: String) throws {
    let source = TokenizerFixtures.tokenizer(name)
    let original = try Data(contentsOf: URL(filePath: source).appending(path: file))
    let folder = try ScratchFolder(copying: source)
    var generator = SplitMix64(
      seed: Self.seed + UInt64(name.utf8.count * 31 + file.utf8.count))
    var refused = 0
    for _ in 0..<Self.rounds {
      let bytes = mutated(original, &generator)
      try bytes.write(to: URL(filePath: folder.path).appending(path: file))
      if try !load(folder.path) { refused += 1 }
    }
    #expect(refused > 0)
  }

  @Test(arguments: [
    ("t5-hub", "spiece.model"), ("deberta-v3", "spm.model"), ("llama", "tokenizer.model"),
    ("bert-uncased", "vocab.txt"), ("roberta", "vocab.json"), ("roberta", "merges.txt"),
    ("deberta-v3", "added_tokens.json"), ("bart", "special_tokens_map.json"),
  ])
  func survivesBrokenModels(_ name: String, _ file: String) throws {
    let source = TokenizerFixtures.tokenizer(name)
    let original = try Data(contentsOf: URL(filePath: source).appending(path: file))
    let folder = try ScratchFolder(copying: source, without: ["tokenizer.json"])
    if file.hasSuffix("s.json") || file.hasSuffix("map.json") {
      let config = URL(filePath: folder.path).appending(path: "tokenizer_config.json")
      let name = name == "bart" ? "BartTokenizer" : "DebertaV2Tokenizer"
      try Data(#"{"tokenizer_class": "\#(name)"}"#.utf8).write(to: config)
    }
    var generator = SplitMix64(
      seed: Self.seed + UInt64(name.utf8.count * 37 + file.utf8.count))
    var loaded = 0
    for _ in 0..<Self.rounds {
      let bytes = mutated(original, &generator)
      try bytes.write(to: URL(filePath: folder.path).appending(path: file))
      if try load(folder.path) { loaded += 1 }
    }
    #expect(loaded < Self.rounds)
    // A changed letter of a list is no error. A vocabulary and its merges break together, and few
    // changes leave a serialised model readable.
    if file != "vocab.json", !file.hasSuffix(".model") { #expect(loaded > 0) }
  }

  /// Lengths that promise more than the file has must not be believed.
  @Test func believesNoLengths() throws {
    let huge: [[UInt8]] = [
      [0x0A, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
      [0x0A, 0x02, 0x0A, 0x7F], [0x0A, 0x80], [0x1A, 0x04, 0x12, 0xFF, 0xFF, 0x03], [0xFF],
      [0x0A, 0x03, 0x0A, 0x01, 0xFF],
    ]
    for bytes in huge {
      #expect(throws: TokenizerError.self) { try SentencePieceFile(bytes, path: "m") }
    }
    #expect(PrecompiledCharacterMap([]) == nil)
    #expect(PrecompiledCharacterMap([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0]) == nil)
    #expect(PrecompiledCharacterMap([4, 0, 0, 0, 0, 0, 0, 0, 0xFF]) == nil)
    // A trie whose only unit points out of the array.
    let map = try #require(PrecompiledCharacterMap([4, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0x61]))
    var text = NormalizedText()
    Array("é a\u{301}".utf8).withView { text.set($0) }
    map.apply(to: &text)
    #expect(text.current.view.array == Array("é a\u{301}".utf8))
  }

  /// Sixty steps that each double a text.
  @Test func refusesTextsThatGrowWithoutEnd() throws {
    func steps(_ step: String) -> String {
      [String](repeating: step, count: 60).joined(separator: ",")
    }
    let replace = steps(#"{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}"#)
    let bytes = steps(#"{"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}"#)
    let model = #""model": {"type": "WordLevel", "vocab": {"a": 0}, "unk_token": "a"}"#
    let files = [
      #"{"normalizer": {"type": "Sequence", "normalizers": [\#(replace)]}, \#(model)}"#,
      #"{"pre_tokenizer": {"type": "Sequence", "pretokenizers": [\#(bytes)]}, \#(model)}"#,
      #"{"decoder": {"type": "Sequence", "decoders": [\#(replace)]}, \#(model)}"#,
    ]
    for (number, file) in files.enumerated() {
      let folder = try ScratchFolder(texts: ["tokenizer.json": file])
      let tokenizer = try Tokenizer(folder: folder.path)
      let error = #expect(throws: TokenizerError.self) {
        if number == 2 { _ = try tokenizer.decode([0]) } else { _ = try tokenizer.encode("aé") }
      }
      #expect(error?.description.contains("more than the") == true)
    }
  }
}
