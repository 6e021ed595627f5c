public import Checkpoints
public import Tensors

/// Loads encoders of the architecture that `config.json` names.
public enum EncoderLoader {
  /// The architectures; a new one is added here.
  static let architectures: [any EncoderConfiguration.Type] = [
    BERT.Configuration.self, RoBERTa.Configuration.self, RemBERT.Configuration.self,
    DeBERTa.Configuration.self, DeBERTaV2.Configuration.self,
  ]

  /// Reads the settings of a model's encoder.
  ///
  /// - Parameter settings: those of `config.json`.
  /// - Returns: the settings, of the architecture's own type.
  /// - Throws: `CheckpointError.setting` for an architecture that is not known, or a setting that is
  ///   missing or wrong.
  public static func configuration(
    _ settings: ModelConfiguration
  ) throws(CheckpointError) -> any EncoderConfiguration {
    let name = try settings.string("model_type")
    for architecture in architectures where architecture.modelTypes.contains(name) {
      return try architecture.init(settings)
    }
    let known = architectures.flatMap { $0.modelTypes }.map { "'\($0)'" }.joined(separator: ", ")
    throw settings.wrong("model_type", expected: "an encoder: \(known)")
  }

  /// Loads an encoder alone; heads that stand beside it in the files are left out.
  ///
  /// - Parameters:
  ///   - folder: the model.
  ///   - layers: the first layers are enough when only their states are wanted; `nil` for all.
  ///   - precision: how linear layers are packed; that of 32-bit floats is the reference's.
  ///   - compute: where the model will run.
  /// - Returns: the encoder, which has no more than those layers.
  /// - Throws: `CheckpointError`.
  public static func load(
    _ folder: ModelFolder, layers: Int? = nil, precision: Precision = .float32,
    for compute: Compute
  ) throws(CheckpointError) -> any TextEncoder {
    var configuration = try configuration(folder.configuration)
    let checkpoint = try folder.checkpoint()
    let prefix = prefix(of: configuration, in: checkpoint)
    var table = WeightTable()
    let all = configuration.shape.layerCount
    configuration.shape.layerCount = min(layers ?? all, all)
    for layer in configuration.shape.layerCount..<all {
      table.ignore(prefix: "\(prefix)encoder.layer.\(layer).")
    }
    configuration.declareWeights(in: &table, prefix: prefix)
    for head in heads { table.ignore(prefix: head) }
    let weights = try Weights(checkpoint, table)
    return try configuration.makeEncoder(
      WeightReader(weights, precision: precision, for: compute), prefix: prefix)
  }

  /// What stands before the encoder's names in a checkpoint.
  static func prefix(
    of configuration: any EncoderConfiguration, in checkpoint: Checkpoint
  ) -> String {
    let type = type(of: configuration)
    return checkpoint.prefix(of: type.commonTensor, among: type.prefixes)
  }

  /// How the names of heads begin in files that hold an encoder with one.
  private static let heads = [
    "cls.", "lm_head.", "lm_predictions.", "mask_predictions.", "pooler.", "classifier.",
    "qa_outputs.",
  ]
}
