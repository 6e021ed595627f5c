import Checkpoints
import Foundation
import ModelHub
import Tensors
import Testing

private func describe(_ cache: TestCache) throws -> ModelDescription {
  try ModelDescription(path: cache.folder.path)
}

@Test func aModelIsDescribedFromItsSettingsAndHeaders() throws {
  let cache = try TestCache()
  try cache.write(
    Array(
      #"""
      {"architectures": ["RobertaForMaskedLM"], "model_type": "roberta", "hidden_size": 4,
       "num_hidden_layers": 2, "vocab_size": 10, "max_position_embeddings": 514, "pad_token_id": 1}
      """#.utf8), to: "config.json")
  try cache.write(Array("{}".utf8), to: "vocab.json")
  try cache.write([], to: "merges.txt")
  try SafetensorsWriter.write(
    [
      ("embeddings.word_embeddings.weight", Tensor(shape: [10, 4])),
      ("layer.0.dense.weight", Tensor(shape: [6, 4])), ("layer.0.dense.bias", Tensor(shape: [6])),
    ], to: cache.path("model.safetensors"))
  let model = try describe(cache)
  #expect(model.architectures == ["RobertaForMaskedLM"])
  #expect(model.modelType == "roberta")
  #expect(model.hiddenSize == 4 && model.layers == 2 && model.vocabularySize == 10)
  #expect(model.tokenizer == "byte-level BPE (vocab.json, merges.txt)")
  #expect(model.maximumLength == 512)
  #expect(model.tensors == 3)
  #expect(model.parameters == 40 + 24 + 6)
  #expect(model.elementCounts.map(\.elementType) == ["F32"])
  // 40 in a table as stored, 6 in 32 bits, 24 in a matrix of 6 outputs.
  let fixed = 4 * 40 + 4 * 6
  #expect(model.memory.map(\.precision) == ["float32", "bfloat16", "int8"])
  #expect(model.memory.map(\.bytes) == [fixed + 96, fixed + 48, fixed + 24 + 48])
  #expect(model.parameters * 4 == model.memory[0].bytes)
}

@Test func theTokenizersLimitComesFirst() throws {
  let cache = try TestCache()
  try cache.write(Array(#"{"n_positions": 512, "d_model": 8}"#.utf8), to: "config.json")
  #expect(try describe(cache).maximumLength == 512)
  try cache.write(Array(#"{"model_max_length": 256}"#.utf8), to: "tokenizer_config.json")
  #expect(try describe(cache).maximumLength == 256)
  try cache.write(
    Array(#"{"model_max_length": 1000000000000000019884624838656.0}"#.utf8),
    to: "tokenizer_config.json")
  #expect(try describe(cache).maximumLength == 512)
}

@Test(arguments: [
  (#"{"model": {"type": "WordPiece"}}"#, "WordPiece (tokenizer.json)"),
  (#"{"model": {"type": "Unigram"}}"#, "Unigram (tokenizer.json)"),
  (
    #"{"model": {"type": "BPE"}, "pre_tokenizer": {"type": "ByteLevel"}}"#,
    "byte-level BPE (tokenizer.json)"
  ),
  (
    #"{"model": {"type": "BPE", "byte_fallback": true}, "decoder": null}"#,
    "BPE with byte fallback (tokenizer.json)"
  ),
  (
    #"{"model": {"vocab": {}, "merges": []}, "decoder": {"type": "ByteLevel"}}"#,
    "byte-level BPE (tokenizer.json)"
  ), (#"{"model": {"vocab": []}}"#, "Unigram (tokenizer.json)"),
  (#"{"model": {"vocab": {}, "max_input_chars_per_word": 1}}"#, "WordPiece (tokenizer.json)"),
  (#"{"model": {"vocab": {}}}"#, "WordLevel (tokenizer.json)"),
  ("{}", "tokenizer.json of an unknown kind"), ("nonsense", "tokenizer.json of an unknown kind"),
]) func tokenizersHaveKinds(_ text: String, _ kind: String) throws {
  let cache = try TestCache()
  try cache.write(Array("{}".utf8), to: "config.json")
  try cache.write(Array(text.utf8), to: "tokenizer.json")
  #expect(try describe(cache).tokenizer == kind)
}

@Test func aFolderWithoutWeightsIsStillDescribed() throws {
  let cache = try TestCache()
  let error = hubError { _ = try describe(cache) }
  #expect("\(try #require(error))".contains("no model here: expected config.json"))
  try cache.write(Array(#"{"model_type": "bert"}"#.utf8), to: "config.json")
  let model = try describe(cache)
  #expect(model.parameters == 0 && model.tensors == 0 && model.memory == [])
  #expect(model.tokenizer == nil && model.maximumLength == nil)
}

@Test func whatBreaksTheRulesIsNamed() throws {
  let cache = try TestCache()
  try cache.write(Array("{".utf8), to: "config.json")
  #expect(throws: CheckpointError.self) { try describe(cache) }
  try cache.write(Array("{}".utf8), to: "config.json")
  try cache.write([1, 2, 3], to: "model.safetensors")
  #expect(throws: CheckpointError.self) { try describe(cache) }
}
