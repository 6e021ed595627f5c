import Foundation
import Testing

@testable import Tokenizers

/// The message of a folder of files that cannot be loaded.
private func message(_ files: [String: String]) throws -> String {
  let folder = try ScratchFolder(texts: files)
  let error = #expect(throws: TokenizerError.self) { try Tokenizer(folder: folder.path) }
  return (error?.description ?? "").replacingOccurrences(of: folder.path, with: "F")
}

@Suite struct LoadingErrorTests {
  @Test(arguments: [
    ("{", "cannot use F/tokenizer.json: not valid JSON: "),
    ("[]", "it is an array, expected an object"),
    (#"{"version": "2.0"}"#, #"has version "2.0", expected "1.0""#),
    ("{}", "it lacks 'model', expected an object"),
    (#"{"model": {"type": "GPT"}}"#, "has model with type GPT, expected BPE, WordPiece"),
    (
      #"{"model": {"type": "WordLevel", "vocab": {"a": 0, "b": 0}, "unk_token": "a"}}"#,
      "model.vocab gives 'a' and 'b' the same id"
    ),
    (
      #"{"model": {"type": "WordLevel", "vocab": {"a": -1}, "unk_token": "a"}}"#,
      "model.vocab has -1 as the id of 'a', expected a number from 0 to 2147483647"
    ),
    (
      #"{"model": {"type": "WordLevel", "vocab": {"a": 9999999999}, "unk_token": "a"}}"#,
      "model.vocab has 9999999999 as the id of 'a'"
    ),
    (
      #"{"model": {"type": "WordPiece", "vocab": {"a": 0}}}"#,
      "model lacks 'unk_token', expected a string"
    ),
    (
      #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}}"#,
      "merge 1: 'ab' is not in its vocabulary"
    ),
    (
      #"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a", "c"]]}}"#,
      "merge 1: 'c' is not in its vocabulary"
    ),
    (
      #"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a b c"]}}"#,
      #"model has "a b c" as merges[0], expected two tokens"#
    ),
    (
      #"{"model": {"type": "BPE", "vocab": {}, "merges": [], "dropout": 0.1}}"#,
      "has model with dropout 0.1, expected none"
    ),
    (
      #"{"model": {"type": "Unigram", "vocab": [["a", 0]], "unk_id": 1}}"#,
      "model has the 'unk_id' 1, but only 1 pieces"
    ),
    (
      #"{"model": {"type": "Unigram", "vocab": [["a"]]}}"#,
      #"model has ["a"] as vocab[0], expected a piece and its score"#
    ),
  ])
  func namesWhatIsWrongWithModels(_ file: String, _ wanted: String) throws {
    let text = try message(["tokenizer.json": file])
    #expect(text.contains(wanted), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test(arguments: [
    (#""normalizer": {"type": "Fancy"}"#, "has normalizer with type Fancy, expected BertNorm"),
    (
      #""normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Strip"}]}"#,
      "normalizer.normalizers[1] lacks 'strip_left', expected a boolean"
    ),
    (
      #""normalizer": {"type": "Replace", "pattern": {"Regex": "("}, "content": ""}"#,
      "regular expression '(' failed: end pattern with unmatched parenthesis"
    ),
    (
      #""normalizer": {"type": "Precompiled", "precompiled_charsmap": "a?=="}"#,
      "normalizer has a 'precompiled_charsmap' that is not base64"
    ),
    (
      #""pre_tokenizer": {"type": "UnicodeScripts"}"#,
      "has pre_tokenizer with type UnicodeScripts, expected BertPreTokenizer"
    ),
    (
      #""pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "Torn"}"#,
      "has pre_tokenizer with behavior Torn, expected Removed"
    ),
    (
      #""pre_tokenizer": {"type": "Metaspace", "replacement": "ab"}"#,
      #"pre_tokenizer has "ab" as 'replacement', expected one character"#
    ),
    (#""post_processor": {"type": "X"}"#, "has post_processor with type X, expected Template"),
    (
      #""post_processor": {"type": "TemplateProcessing", "special_tokens": {}, "pair": [], "#
        + #""single": [{"SpecialToken": {"id": "[X]", "type_id": 0}}]}"#,
      "post_processor.single[0].SpecialToken names [X], which 'special_tokens' does not have"
    ),
    (
      #""post_processor": {"type": "TemplateProcessing", "special_tokens": {}, "pair": [], "#
        + #""single": [{"Sequence": {"id": "B", "type_id": 0}}]}"#,
      "is of text B, expected A"
    ),
    (#""decoder": {"type": "Y"}"#, "has decoder with type Y, expected BPEDecoder"),
    (#""decoder": []"#, "decoder is an array, expected an object"),
    (#""added_tokens": [{"id": 0}]"#, "added_tokens[0] lacks 'content', expected a string"),
    (
      #""normalizer": {"type": "Strip", "strip_left": true, "strip_right": true}, "#
        + #""added_tokens": [{"id": 1, "content": " ", "single_word": false, "lstrip": false, "#
        + #""rstrip": false, "normalized": true, "special": false}]"#,
      "the normalizer leaves nothing of the added token ' '"
    ),
  ])
  func namesWhatIsWrongWithComponents(_ member: String, _ wanted: String) throws {
    let file = #"{\#(member), "model": {"type": "WordLevel", "vocab": {"u": 0}, "unk_token": "u"}}"#
    let text = try message(["tokenizer.json": file])
    #expect(text.contains(wanted), "\(text)")
    #expect(!text.contains("\n"))
  }

  @Test func namesWhatIsMissing() throws {
    #expect(
      try message([:]) == "no tokenizer in F: expected one of tokenizer.json, vocab.txt, "
        + "vocab.json with merges.txt, tokenizer.model, spiece.model, spm.model, "
        + "sentencepiece.bpe.model")
    #expect(
      try message(["vocab.json": "{}"]).contains("but nothing that names the tokenizer's class"))
    #expect(
      try message(["tokenizer_config.json": #"{"tokenizer_class": "XTokenizer"}"#])
        .contains("has tokenizer_class XTokenizer and no tokenizer.json, expected the class of"))
    #expect(
      try message(["tokenizer_config.json": #"{"tokenizer_class": "T5Tokenizer"}"#])
        == "no tokenizer in F/: expected one of tokenizer.json, spiece.model")
    #expect(
      try message(["spm.model": "no model"]).contains("F/spm.model is not a SentencePiece model"))
    #expect(
      try message(["vocab.txt": ""]).contains("it is empty, expected one token on each line"))
    let error = #expect(throws: TokenizerError.self) { try Tokenizer(folder: "/nonexistent/x") }
    #expect(
      error?.description == "cannot read the tokenizer /nonexistent/x: No such file or directory")
  }

  @Test func namesWhatIsWrongBesideModels() throws {
    let vocab = ["vocab.json": #"{"a": 0, "b": 1, "ab": 2}"#]
    let named = [
      "tokenizer_config.json": #"{"tokenizer_class": "GPT2Tokenizer", "unk_token": "a"}"#
    ]
    func text(_ files: [String: String]) throws -> String {
      try message(vocab.merging(named) { $1 }.merging(files) { $1 })
    }
    #expect(try text([:]).contains("F/merges.txt: No such file"))
    #expect(
      try text(["merges.txt": "#version\na b c\n"]).contains(
        "line 2 is 'a b c', expected two tokens with a space between them"))
    #expect(
      try text(["merges.txt": "#version\nb a\n"]).contains("'ba' is not in its vocabulary"))
    #expect(
      try text(["tokenizer_config.json": #"{"tokenizer_class": "GPT2Tokenizer", "bos_token": 1}"#])
        .contains("bos_token is a number, expected an object"))
    #expect(
      try text(["tokenizer_config.json": #"{"added_tokens_decoder": {"x": {}}}"#])
        .contains("added_tokens_decoder has the key 'x', expected an id"))
  }
}
