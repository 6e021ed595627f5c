public import Checkpoints
public import Tensors

/// Loads encoder-decoders of the architecture that `config.json` names.
public enum EncoderDecoderLoader {
  /// The architectures; a new one is added here.
  static let architectures: [any EncoderDecoderConfiguration.Type] = [
    T5.Configuration.self, BART.Configuration.self,
  ]

  /// Reads the settings of a model.
  ///
  /// - Parameter settings: those of `config.json`.
  /// - Returns: the settings, of the architecture's own type.
  /// - Throws: `CheckpointError.setting` for an architecture that is not known, or a setting that is
  ///   missing or wrong.
  public static func configuration(
    _ settings: ModelConfiguration
  ) throws(CheckpointError) -> any EncoderDecoderConfiguration {
    let name = try settings.string("model_type")
    for architecture in architectures where architecture.modelTypes.contains(name) {
      return try architecture.init(settings)
    }
    let known = architectures.flatMap { $0.modelTypes }.map { "'\($0)'" }.joined(separator: ", ")
    throw settings.wrong("model_type", expected: "an encoder-decoder: \(known)")
  }

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - folder: the model.
  ///   - precision: how linear layers are packed; that of 32-bit floats is the reference's.
  ///   - compute: where the model will run.
  /// - Returns: the model.
  /// - Throws: `CheckpointError`.
  public static func load(
    _ folder: ModelFolder, precision: Precision = .float32, for compute: Compute
  ) throws(CheckpointError) -> any EncoderDecoder {
    let configuration = try configuration(folder.configuration)
    let checkpoint = try folder.checkpoint()
    var table = WeightTable()
    configuration.declareWeights(in: &table, for: checkpoint)
    let weights = try Weights(checkpoint, table)
    return try configuration.makeModel(
      WeightReader(weights, precision: precision, for: compute))
  }
}
