import Foundation
import JSON
import Testing

@testable import Tokenizers

private let cases = [
  "all-minilm-l6-v2-real", "bart", "bert-cased", "bert-uncased", "deberta-v1", "deberta-v3",
  "roberta", "roberta-prefix-space", "t5-converted", "t5-hub",
]

/// Recorded outputs of transformers' fast tokenizers, compared exactly.
@Suite struct RecordedTokenizerTests {
  @Test(arguments: cases) func encodesAndDecodesAsRecorded(_ name: String) throws {
    let path = TokenizerFixtures.tokenizer(name)
    let tokenizer = try Tokenizer(folder: path)
    let plain = try TokenizerFixtures.plain(path)
    let expected = try TokenizerFixtures.rows("\(name)/expected.jsonl")
    let strings = try TokenizerFixtures.rows("\(name)/strings.jsonl")
    #expect(strings.count == expected.count && strings.count > 250)
    for (row, wanted) in zip(strings, expected) {
      let text = try #require(row["text"]?.string)
      #expect(row["id"]?.int == wanted["id"]?.int)
      let comment = Comment(rawValue: text.debugDescription)
      let ids = try #require(wanted["ids"]).ids
      #expect(try tokenizer.encode(text) == ids, comment)
      #expect(try plain.encode(text) == ids, comment)
      #expect(try tokenizer.count(text) == ids.count, comment)
      let bare = try #require(wanted["ids_nospecial"]).ids
      #expect(try tokenizer.encode(text, addingSpecialTokens: false) == bare, comment)
      for member in wanted["trunc"]?.object?.members ?? [] {
        let length = try #require(Int(member.key))
        #expect(
          try tokenizer.encode(text, maximumLength: length) == member.value.ids, comment)
      }
      #expect(try tokenizer.decode(ids) == wanted["decode_skip"]?.string, comment)
      #expect(
        try tokenizer.decode(ids, cleaningUpSpaces: false)
          == wanted["decode_skip_noclean"]?.string, comment)
      #expect(
        try tokenizer.decode(ids, skippingSpecialTokens: false, cleaningUpSpaces: false)
          == wanted["decode_all"]?.string, comment)
    }
  }

  @Test(arguments: cases) func encodesPairsAsRecorded(_ name: String) throws {
    let tokenizer = try Tokenizer(folder: TokenizerFixtures.tokenizer(name))
    let expected = try TokenizerFixtures.rows("\(name)/expected.pairs.jsonl")
    for (row, wanted) in zip(try TokenizerFixtures.rows("\(name)/pairs.jsonl"), expected) {
      let first = try #require(row["a"]?.string)
      let second = try #require(row["b"]?.string)
      let encoding = try tokenizer.encode(first, pairedWith: second)
      let comment = Comment(rawValue: "\(first.debugDescription) \(second.debugDescription)")
      #expect(try encoding.ids == #require(wanted["ids"]).ids, comment)
      if let types = wanted["type_ids"] { #expect(try encoding.typeIDs == types.ids, comment) }
      let truncation = Truncation(
        maximumLength: try #require(row["max_length"]?.int),
        strategy: try #require(Truncation.Strategy(rawValue: row["strategy"]?.string ?? "")))
      if let ids = wanted["trunc_ids"], !ids.isNull {
        let cut = try tokenizer.encode(first, pairedWith: second, truncation: truncation)
        #expect(try cut.ids == ids.ids, comment)
        #expect(cut.typeIDs.count == cut.ids.count)
      } else {
        #expect(throws: TokenizerError.self, comment) {
          try tokenizer.encode(first, pairedWith: second, truncation: truncation)
        }
      }
    }
  }

  @Test func convertsFoldersWithoutTokenizerFileAsRecorded() throws {
    let rows = try TokenizerFixtures.rows("conversions.jsonl")
    #expect(rows.count > 35)
    for row in rows {
      let name = "\(row["base"]?.string ?? "") \(row["name"]?.string ?? "")"
      let removed = Set((row["removed"]?.array ?? []).compactMap(\.string))
      let files = (row["files"]?.object?.members ?? []).map { ($0.key, $0.value.json()) }
      let folder = try ScratchFolder(
        copying: TokenizerFixtures.tokenizer(try #require(row["base"]?.string)),
        without: removed.union(files.map(\.0)),
        files: Dictionary(uniqueKeysWithValues: files.map { ($0, .init($1.utf8)) }))
      let tokenizer = try Tokenizer(folder: folder.path)
      #expect(tokenizer.vocabularySize == row["size"]?.int, "\(name)")
      for one in try #require(row["texts"]?.array) {
        let text = try #require(one["text"]?.string)
        let ids = try #require(one["ids"]).ids
        #expect(try tokenizer.encode(text) == ids, "\(name): \(text.debugDescription)")
        #expect(try tokenizer.decode(ids) == one["decoded"]?.string, "\(name)")
      }
    }
  }

  @Test func runsTokenizersPutTogetherAtRandomAsRecorded() throws {
    let rows = try TokenizerFixtures.rows("assemblies.jsonl")
    #expect(rows.count >= 90)
    for (number, row) in rows.enumerated() {
      let file = try #require(row["tokenizer"]).json()
      let folder = try ScratchFolder(texts: ["tokenizer.json": file])
      let tokenizer = try Tokenizer(folder: folder.path)
      let plain = try TokenizerFixtures.plain(folder.path)
      #expect(tokenizer.vocabularySize == row["size"]?.int, "assembly \(number)")
      var texts: [String] = []
      for one in try #require(row["texts"]?.array) {
        let text = try #require(one["text"]?.string)
        texts.append(text)
        let ids = try #require(one["ids"]).ids
        #expect(try tokenizer.encode(text) == ids, "assembly \(number): \(text.debugDescription)")
        #expect(try plain.encode(text) == ids, "assembly \(number): \(text.debugDescription)")
      }
      for one in try #require(row["decoded"]?.array) {
        let ids = try #require(one["ids"]).ids
        #expect(try tokenizer.decode(ids) == one["text"]?.string, "assembly \(number): \(ids)")
        #expect(
          try tokenizer.decode(ids, skippingSpecialTokens: false) == one["all"]?.string,
          "assembly \(number): \(ids)")
      }
      let second = try #require(row["pair"]?["second"]?.string)
      let pair = try tokenizer.encode(texts[0], pairedWith: second)
      #expect(try pair.ids == #require(row["pair"]?["ids"]).ids, "assembly \(number)")
      #expect(try pair.typeIDs == #require(row["pair"]?["type_ids"]).ids, "assembly \(number)")
    }
  }
}
