import Dispatch
import Foundation
import JSON
import Synchronization
import Testing
import Tokenizers

private let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "Fixtures")

/// A folder with copies of a fixture model and the given JSON files, gone when it is let go.
private final class ScratchFolder {
  let path: String

  init(model: String = "llama", as name: String, files: [String: String] = [:]) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    path = url.path(percentEncoded: false)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    let source = model == "llama" ? "llama/tokenizer.model" : "unigram/spiece.model"
    try FileManager.default.copyItem(
      at: fixtures.appending(path: source), to: url.appending(path: name))
    for (file, text) in files {
      try text.write(to: url.appending(path: file), atomically: false, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

private func recorded(_ name: String) throws -> [(text: String, ids: [Int])] {
  let bytes = try Data(contentsOf: fixtures.appending(path: name))
  return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
    let value = try JSONParser().value(of: line)
    return (
      try #require(value["text"]?.string), try #require(value["ids"]?.array).compactMap(\.int)
    )
  }
}

private func folder(_ name: String) throws -> SentencePieceTokenizer {
  try SentencePieceTokenizer(path: fixtures.appending(path: name).path(percentEncoded: false))
}

@Suite struct SentencePieceTokenizerTests {
  @Test(arguments: ["llama", "unigram"]) func cutsAsTheLibrary(_ model: String) throws {
    // A model under another name has no special tokens, and adds the space that the model asks for.
    let scratch = try ScratchFolder(model: model, as: "other.model")
    let tokenizer = try SentencePieceTokenizer(path: scratch.path + "/other.model")
    for (text, ids) in try recorded("library.\(model).jsonl") {
      #expect(try tokenizer.encode(text) == ids, "\(text.debugDescription)")
      #expect(try tokenizer.count(text) == ids.count, "\(text.debugDescription)")
      #expect(try tokenizer.count(text) == ids.count, "remembered: \(text.debugDescription)")
    }
  }

  @Test(arguments: ["llama", "unigram"]) func countsWhatItEncodes(_ model: String) throws {
    let tokenizer = try folder(model)
    let odd = try recorded("library.\(model).jsonl").map(\.text)
    let joiners = ["", " ", "\n", "</s>", " <s> ", "<unk>\n", "<extra_id_0>", "▁"]
    for (offset, text) in odd.enumerated() {
      for joiner in joiners {
        let joined = text + joiner + odd[(offset * 7 + 3) % odd.count] + joiner
        #expect(
          try tokenizer.count(joined) == tokenizer.encode(joined).count,
          "\(joined.debugDescription)")
      }
    }
  }

  @Test func putsBeginOfSentenceBeforeLLaMATexts() throws {
    let tokenizer = try folder("llama")
    #expect(tokenizer.prefix == [1])
    #expect(tokenizer.suffix == [])
    #expect(tokenizer.maximumLength == 512)
    #expect(try tokenizer.encode("") == [1])
    #expect(try tokenizer.count("") == 1)
  }

  @Test func putsEndOfSentenceAfterT5Texts() throws {
    let tokenizer = try folder("unigram")
    #expect(tokenizer.prefix == [])
    #expect(tokenizer.suffix == [1])
    #expect(try tokenizer.encode(" ") == [1])
  }

  @Test func cutsAddedTokensOutOfTheRawText() throws {
    let llama = try folder("llama")
    let a = try llama.encodeWithoutSpecialTokens("a")
    #expect(try llama.encode("a</s>a<s><unk>") == [1] + a + [2] + a + [1, 0])
    #expect(try llama.encode("</s></s>") == [1, 2, 2])
    #expect(try llama.encode("</S>") != [1, 2])
    let t5 = try folder("unigram")
    #expect(try t5.encode("<extra_id_0>") == [1399, 1])
    // An added token ends the text before it, whose trailing space is dropped by the model.
    let word = try t5.encodeWithoutSpecialTokens("the")
    #expect(try t5.encode("the <extra_id_99> the") == word + [1300] + word + [1])
  }

  @Test func cutsToALength() throws {
    let tokenizer = try folder("unigram")
    let ids = try tokenizer.encode("the quick brown fox")
    #expect(try tokenizer.encode("the quick brown fox", maxTokens: 4) == ids.prefix(3) + [1])
    #expect(try tokenizer.encode("the quick brown fox", maxTokens: 1) == [1])
    #expect(try tokenizer.encode("the quick brown fox", maxTokens: 999) == ids)
  }

  @Test(arguments: [
    ("{}", [1], []),
    (#"{"tokenizer_class": "LlamaTokenizer"}"#, [1], []),
    (#"{"tokenizer_class": "LlamaTokenizerFast", "add_bos_token": false}"#, [], []),
    (#"{"tokenizer_class": "LlamaTokenizer", "add_eos_token": true}"#, [1], [2]),
    (#"{"tokenizer_class": "LlamaTokenizer", "bos_token": {"content": "</s>"}}"#, [2], []),
    (#"{"tokenizer_class": "T5Tokenizer", "eos_token": "</s>"}"#, [], [2]),
  ])
  func followsTheConfiguration(_ text: String, _ prefix: [Int], _ suffix: [Int]) throws {
    let scratch = try ScratchFolder(as: "tokenizer.model", files: ["tokenizer_config.json": text])
    let tokenizer = try SentencePieceTokenizer(path: scratch.path)
    #expect(tokenizer.prefix == prefix)
    #expect(tokenizer.suffix == suffix)
  }

  @Test func putsTheLeadingSpaceWhereTheFolderSays() throws {
    let metaspace = { (scheme: String) in
      #"{"pre_tokenizer": {"type": "Metaspace", "prepend_scheme": "\#(scheme)"}}"#
    }
    func encode(_ files: [String: String], _ text: String) throws -> [Int] {
      let scratch = try ScratchFolder(as: "tokenizer.model", files: files)
      return try SentencePieceTokenizer(path: scratch.path).encodeWithoutSpecialTokens(text)
    }
    let bare = try encode(["tokenizer.json": "{}"], "a")
    let spaced = try encode(["tokenizer.json": "{}"], " a")
    #expect(bare != spaced)
    let prepend = #"{"normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend"}]}}"#
    #expect(try encode(["tokenizer.json": prepend], "a") == spaced)
    #expect(try encode(["tokenizer.json": prepend], " a") != spaced)
    #expect(try encode(["tokenizer.json": metaspace("always")], "a") == spaced)
    #expect(try encode(["tokenizer.json": metaspace("always")], " a") == spaced)
    #expect(try encode(["tokenizer.json": metaspace("never")], "a") == bare)
    // Without a tokenizer.json, by LLaMA's own switches.
    let first = #"{"tokenizer_class": "LlamaTokenizer", "legacy": false}"#
    #expect(try encode(["tokenizer_config.json": first], "a</s>a") == spaced + [2] + bare)
    let legacy = #"{"tokenizer_class": "LlamaTokenizer"}"#
    #expect(try encode(["tokenizer_config.json": legacy], "a</s>a") == spaced + [2] + spaced)
    let none = #"{"tokenizer_class": "LlamaTokenizer", "add_prefix_space": false}"#
    #expect(try encode(["tokenizer_config.json": none], "a</s>a") == bare + [2] + bare)
  }

  @Test func honoursTheFlagsOfAddedTokens() throws {
    func ids(_ flags: String, _ text: String) throws -> [Int] {
      let json = """
        {"added_tokens": [{"id": 900, "content": "cat"\(flags)}, {"id": 901, "content": "cats"}]}
        """
      let scratch = try ScratchFolder(as: "tokenizer.model", files: ["tokenizer.json": json])
      return try SentencePieceTokenizer(path: scratch.path).encodeWithoutSpecialTokens(text)
    }
    #expect(try ids("", "catscat") == [901, 900])
    #expect(try ids(#", "single_word": true"#, "cat cat").filter { $0 == 900 }.count == 2)
    #expect(try !ids(#", "single_word": true"#, "écat cat_").contains(900))
    #expect(try ids(#", "lstrip": true"#, " \u{3000}cat") == [900])
    #expect(try ids(#", "rstrip": true"#, "cat \n ") == [900])
    #expect(try ids("", "cat ").count == 2)
  }

  @Test func countsAlikeOnManyThreads() throws {
    let tokenizer = try folder("llama")
    let texts = try recorded("library.llama.jsonl").map(\.text)
    let expected = try texts.map { try tokenizer.encode($0).count }
    let differences = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      let counts = texts.map { try? tokenizer.count($0) }
      if counts != expected { differences.withLock { $0 += 1 } }
    }
    #expect(differences.withLock { $0 } == 0)
  }

  @Test func explainsWhatCannotBeLoaded() throws {
    let broken = try ScratchFolder(as: "tokenizer.model", files: ["spm.model": "no model"])
    let folder = try ScratchFolder(as: "other.bin")
    let strange = try ScratchFolder(
      as: "spm.model", files: ["tokenizer_config.json": #"{"tokenizer_class": "XTokenizer"}"#])
    let malformed = try ScratchFolder(as: "spm.model", files: ["tokenizer_config.json": "{"])
    let cases = [
      ("/nonexistent/x.model", "cannot read the tokenizer /nonexistent/x.model: No such file"),
      (broken.path + "/spm.model", "spm.model is not a SentencePiece model: "),
      (folder.path, "expected one of tokenizer.model, spiece.model, spm.model"),
      (strange.path, "tokenizer_class XTokenizer and no tokenizer.json beside it, expected Llama"),
      (malformed.path, "cannot use \(malformed.path)/tokenizer_config.json: "),
    ]
    for (path, message) in cases {
      let error = #expect(throws: TokenizerError.self) { try SentencePieceTokenizer(path: path) }
      let text = error?.description ?? ""
      #expect(text.contains(message), "\(text)")
      #expect(!text.contains("\n"))
    }
  }

  @Test func signaturesTellModelsApart() throws {
    #expect(try folder("llama").signature != folder("unigram").signature)
    #expect(try folder("llama").signature == folder("llama").signature)
  }
}
