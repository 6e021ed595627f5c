package import Checkpoints
internal import JSON
internal import PretrainedModels

/// The folders of a ranker: its weights and settings, and where its encoder is described.
package struct RankerFolder: Sendable {
  /// The folder of the weights.
  package let path: String
  /// The folder of the encoder's `config.json` and of the tokenizer.
  package let encoderPath: String
  /// The settings in the ranker's own folder.
  package let settings: ModelConfiguration
  /// What kind of ranker it is.
  package let kind: RankerKind

  /// Whether the settings are LLM-Blender's `RankerConfig`, beside which only weights stand.
  var isPublishedCheckpoint: Bool { settings.contains("ranker_type") }

  /// Finds out what a folder holds.
  ///
  /// - Parameters:
  ///   - path: the folder of the ranker.
  ///   - backbone: the folder of its encoder, where that is another one.
  ///   - kind: what it is; `nil` when the settings tell.
  /// - Throws: `CheckpointError`, ``RerankingError``.
  package init(path: String, backbone: String? = nil, kind: RankerKind? = nil) throws {
    self.path = path
    settings = try ModelConfiguration(path: "\(path)/config.json")
    self.kind = try kind ?? Self.kind(of: settings, path: path)
    if let backbone {
      encoderPath = backbone
    } else if settings.contains("ranker_type") {
      throw RerankingError.needsBackbone(folder: path, name: Self.backboneName(settings))
    } else {
      encoderPath = path
    }
  }

  /// The encoder that a ranker's folder says it was made of.
  ///
  /// - Parameter path: the ranker's folder.
  /// - Returns: a model's name on the hub; `nil` when the folder has its own encoder, or no name.
  /// - Throws: `CheckpointError`.
  package static func backboneName(path: String) throws -> String? {
    let settings = try ModelConfiguration(path: "\(path)/config.json")
    return settings.contains("ranker_type") ? backboneName(settings) : nil
  }

  private static func backboneName(_ settings: ModelConfiguration) -> String? {
    settings.settings["model_name"]?.string
  }

  private static func kind(
    of settings: ModelConfiguration, path: String
  ) throws -> RankerKind {
    if settings.contains("ranker_type") {
      return try settings.choice("ranker_type", of: RankerKind.publishedNames)
    }
    let architectures = try settings.strings("architectures", default: [])
    for name in architectures {
      if name.hasSuffix("PairRM") { return .pairRanker }
      if name.hasSuffix("ForSequenceClassification") { return .reward }
      if name.hasSuffix("ForMaskedLM") { return .maskedLanguageModel }
      if name.hasSuffix("Model") { return .simCLS }
    }
    // The names of the tensors tell as well.
    let checkpoint = try Checkpoint(path: path)
    if checkpoint["head_layer.4.weight"] != nil { return .pairRanker }
    if checkpoint["moe.w_gate.0"] != nil { return .summaReranker }
    throw RerankingError.unknownKind(
      path: "\(path)/config.json",
      got: architectures.isEmpty
        ? "a missing 'architectures'"
        : "'architectures' of \(architectures.joined(separator: ", "))")
  }

  /// The encoder's settings and the ranker's weights.
  func model() throws(CheckpointError) -> ModelFolder {
    try ModelFolder(path: encoderPath, weightsPath: path)
  }

  /// The limits that the settings name.
  func limits(default fallback: PairEncoding.Limits) throws(CheckpointError) -> PairEncoding.Limits
  {
    PairEncoding.Limits(
      source: try settings.int("source_maxlength", default: fallback.source),
      candidate: try settings.int("candidate_maxlength", default: fallback.candidate))
  }

  /// All files that decide what the ranker says, apart from the tokenizer's.
  ///
  /// - Returns: their paths, each once.
  /// - Throws: `CheckpointError`.
  package func files() throws(CheckpointError) -> [String] {
    var files = ["\(path)/config.json"]
    if encoderPath != path { files.append("\(encoderPath)/config.json") }
    return files + (try Checkpoint(path: path).filePaths)
  }
}
