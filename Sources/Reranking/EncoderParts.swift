internal import Checkpoints
internal import PretrainedModels

/// An encoder inside a ranker's checkpoint, before its weights are read.
struct EncoderParts {
  /// Its settings, with as many tokens as the checkpoint has embeddings.
  let configuration: any EncoderConfiguration
  /// The tensors.
  let checkpoint: Checkpoint
  /// What stands before its names.
  let prefix: String

  /// The number of tokens.
  var vocabularySize: Int { configuration.shape.vocabularySize }

  /// Finds an encoder.
  ///
  /// - Parameters:
  ///   - model: its settings and the checkpoint.
  ///   - names: what the ranker calls it: `pretrained_model.`.
  /// - Throws: `CheckpointError`, ``RerankingError``.
  init(_ model: ModelFolder, named names: [String]) throws {
    var configuration = try EncoderLoader.configuration(model.configuration)
    checkpoint = try model.checkpoint()
    let type = type(of: configuration)
    prefix = checkpoint.prefix(
      of: type.commonTensor, among: names.flatMap { name in type.prefixes.map { name + $0 } })
    let words = "\(prefix)\(type.commonTensor)"
    // Rankers that add markers have fewer or more embeddings than the encoder's settings say.
    guard let shape = checkpoint[words]?.shape, shape.count == 2, shape[0] > 0 else {
      throw RerankingError.tensor(
        path: checkpoint.path, name: words, got: checkpoint[words]?.shape,
        expected: "a row for each token")
    }
    configuration.shape.vocabularySize = shape[0]
    self.configuration = configuration
  }
}
