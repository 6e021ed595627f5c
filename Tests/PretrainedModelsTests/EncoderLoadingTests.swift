import Checkpoints
import Foundation
import JSON
import Tensors
import Testing

@testable import PretrainedModels

@Suite struct EncoderLoadingTests {
  /// Calls `body` with the folder of a model whose settings and tensors a test has changed.
  static func withChanged<Result>(
    _ fixture: Fixture, settings: (inout JSONObject) -> Void = { _ in },
    tensors: (inout [(name: String, tensor: Tensor)]) -> Void = { _ in },
    _ body: (ModelFolder) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "encoder-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let model = try fixture.model
    var object = model.configuration.settings
    settings(&object)
    try Data(object.json().utf8).write(to: folder.appending(path: "config.json"))
    let checkpoint = try model.checkpoint()
    var all = try checkpoint.entries.map {
      (name: $0.name, tensor: try checkpoint.tensor($0.name))
    }
    tensors(&all)
    try SafetensorsWriter.write(all, to: folder.appending(path: "model.safetensors").path)
    return try body(try ModelFolder(path: folder.path))
  }

  static func load(_ folder: ModelFolder) throws -> any TextEncoder {
    try EncoderLoader.load(folder, for: Compute(pool: EncoderTests.pool))
  }

  @Test func everyTensorThatDoesNotFitIsNamed() throws {
    let error = try #require(throws: CheckpointError.self) {
      try Self.withChanged(
        Fixture(name: "bert"),
        tensors: { tensors in
          tensors.removeAll { $0.name == "encoder.layer.1.output.dense.bias" }
          tensors.removeAll { $0.name == "embeddings.LayerNorm.weight" }
          tensors.append(("encoder.layer.3.output.dense.bias", Tensor(shape: [48])))
          let place = tensors.firstIndex { $0.name == "encoder.layer.0.intermediate.dense.weight" }
          if let place { tensors[place].tensor = Tensor(shape: [48, 96]) }
        }, Self.load)
    }
    guard case .mismatch(_, let mismatch) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(
      Set(mismatch.missing.compactMap(\.names.first)) == [
        "encoder.layer.1.output.dense.bias", "embeddings.LayerNorm.weight",
      ])
    #expect(mismatch.unused == ["encoder.layer.3.output.dense.bias"])
    #expect(mismatch.misshaped.map(\.name) == ["encoder.layer.0.intermediate.dense.weight"])
    #expect(mismatch.misshaped.map(\.expected) == [[96, 48]])
  }

  @Test func headsAndBuffersAreLeftOut() throws {
    let encoder = try Self.withChanged(
      Fixture(name: "deberta-v3"),
      tensors: { tensors in
        tensors = tensors.map { ("deberta.\($0.name)", $0.tensor) }
        // What microsoft/deberta-v3-large holds besides.
        tensors.append(("deberta.embeddings.position_embeddings.weight", Tensor(shape: [64, 48])))
        tensors.append(("deberta.embeddings.position_ids", Tensor(shape: [1, 64])))
        tensors.append(("lm_predictions.lm_head.bias", Tensor(shape: [300])))
        tensors.append(("mask_predictions.dense.bias", Tensor(shape: [48])))
      }, Self.load)
    #expect(encoder.shape.hiddenSize == 48)
  }

  @Test func weightsThatAreNotFiniteAreRefused() throws {
    let name = "encoder.layer.0.attention.self.query_proj.weight"
    let error = try #require(throws: CheckpointError.self) {
      try Self.withChanged(
        Fixture(name: "deberta-v3"),
        tensors: { tensors in
          tensors.first { $0.name == name }?.tensor.withMutableSpan { $0[5] = .nan }
        }, Self.load)
    }
    guard case .notFinite(_, name, 5, _) = error else {
      Issue.record("\(error)")
      return
    }
  }

  struct Setting: Sendable, CustomTestStringConvertible {
    let fixture: String
    let key: String
    let value: JSONValue
    var testDescription: String { "\(fixture) \(key) \(value.json())" }
  }

  @Test(arguments: [
    Setting(fixture: "bert", key: "model_type", value: "gpt2"),
    Setting(fixture: "bert", key: "model_type", value: nil),
    Setting(fixture: "bert", key: "hidden_size", value: 0),
    Setting(fixture: "bert", key: "hidden_size", value: "48"),
    Setting(fixture: "bert", key: "num_attention_heads", value: 5),
    Setting(fixture: "bert", key: "hidden_act", value: "mish"),
    Setting(fixture: "bert", key: "position_embedding_type", value: "relative_key"),
    Setting(fixture: "bert", key: "is_decoder", value: true),
    Setting(fixture: "bert", key: "layer_norm_eps", value: -1),
    Setting(fixture: "roberta", key: "pad_token_id", value: 65),
    Setting(fixture: "deberta-v1", key: "pos_att_type", value: "c2c"),
    Setting(fixture: "deberta-v1", key: "pos_att_type", value: ["c2p", 3]),
    Setting(fixture: "deberta-v1", key: "talking_head", value: true),
    Setting(fixture: "deberta-v3", key: "position_buckets", value: 1),
    Setting(fixture: "deberta-v3", key: "position_buckets", value: 126),
    Setting(fixture: "deberta-v3", key: "attention_head_size", value: 16),
    Setting(fixture: "deberta-v2-xlarge", key: "conv_kernel_size", value: 4),
    Setting(fixture: "deberta-v2-xlarge", key: "conv_groups", value: 5),
  ])
  func settingsThatAreNotComputedAreRefused(_ setting: Setting) throws {
    let error = try #require(throws: CheckpointError.self) {
      try Self.withChanged(
        Fixture(name: setting.fixture), settings: { $0[setting.key] = setting.value }, Self.load)
    }
    guard case .setting(_, let key, _, _) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(key == setting.key)
  }

  /// A ranker: an encoder whose vocabulary has added tokens, under a prefix of its own, with a head.
  @Test func encodersStandBesideHeadsOfOtherModules() throws {
    let fixture = Fixture(name: "deberta-v3")
    let words = "embeddings.word_embeddings.weight"
    try Self.withChanged(
      fixture,
      tensors: { tensors in
        let rows = tensors.first { $0.name == words }?.tensor.elements ?? []
        let grown = Tensor(
          shape: [304, 48], elements: rows + [Float](repeating: 0.5, count: 4 * 48))
        tensors = tensors.map {
          ("pretrained_model.\($0.name)", $0.name == words ? grown : $0.tensor)
        }
        tensors.append(("head_layer.1.weight", Tensor(shape: [3, 48])))
        tensors.append(("head_layer.1.bias", Tensor(shape: [3])))
      }
    ) { folder in
      let compute = Compute(pool: EncoderTests.pool)
      let checkpoint = try folder.checkpoint()
      var configuration = try EncoderLoader.configuration(folder.configuration)
      configuration.shape.vocabularySize = 304
      var table = WeightTable()
      configuration.declareWeights(in: &table, prefix: "pretrained_model.")
      table.requireLinear("head_layer.1", inputs: 48, outputs: 3)
      let reader = WeightReader(
        try Weights(checkpoint, table), precision: .float32, for: compute)
      let encoder = try configuration.makeEncoder(reader, prefix: "pretrained_model.")
      let head = try reader.linear("head_layer.1")
      #expect(head.outputs == 3)
      try encoder.forEachBatch(of: [TokenSequence([300, 5, 303])]) { _, _, hidden in
        #expect(hidden.rows == 3)
      }
    }
  }

  /// Whatever a setting is: an error that says so, or a model that computes.
  @Test(arguments: ["roberta", "deberta-v1", "deberta-v2-abspos"])
  func settingsOfAnyKindAreAnErrorOrAModel(_ name: String) throws {
    let fixture = Fixture(name: name)
    let model = try fixture.model
    let checkpoint = try model.checkpoint()
    let compute = Compute(pool: EncoderTests.pool)
    let values: [JSONValue] = [
      nil, true, -1, 0, 1, 7, .integer(.max), .double(1e300), "", "c2p", ["p2c"], [1],
    ]
    // Not read: any value of theirs gives a model.
    let unread = [
      "dropout", "architectures", "dtype", "version", "initializer", "cache", "token_id",
    ]
    var loaded = 0
    for member in model.configuration.settings.members
    where !unread.contains(where: member.key.contains) {
      for value in values {
        var settings = model.configuration.settings
        settings[member.key] = value
        do {
          let configuration = try EncoderLoader.configuration(
            ModelConfiguration(path: "config.json", settings: settings))
          var table = WeightTable()
          configuration.declareWeights(in: &table, prefix: "")
          let reader = WeightReader(
            try Weights(checkpoint, table), precision: .float32, for: compute)
          let encoder = try configuration.makeEncoder(reader, prefix: "")
          try encoder.forEachBatch(of: [TokenSequence([5, 6, 7])]) { _, _, _ in }
          loaded += 1
        } catch is CheckpointError {}
      }
    }
    #expect(loaded > 0)
  }

  /// The library's old files have keys of their own for what is left to its defaults.
  @Test func settingsMayBeLeftToTheirDefaults() throws {
    for key in ["position_embedding_type", "type_vocab_size", "layer_norm_eps", "hidden_act"] {
      let encoder = try Self.withChanged(
        Fixture(name: "bert"), settings: { $0[key] = nil }, Self.load)
      #expect(encoder.shape.tokenTypeCount == 2)
    }
  }
}
