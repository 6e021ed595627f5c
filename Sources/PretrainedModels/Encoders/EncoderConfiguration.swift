public import Checkpoints

/// The settings of one encoder, and the table of its weights; each architecture has a type of its own.
public protocol EncoderConfiguration: Sendable {
  /// The architecture's names in `model_type`.
  static var modelTypes: [String] { get }
  /// What may stand before the names of its tensors: nothing, or a name such as `bert.` where a head
  /// is beside it.
  static var prefixes: [String] { get }

  /// Reads the settings.
  ///
  /// - Parameter settings: those of `config.json`.
  /// - Throws: `CheckpointError` for a setting that is missing, wrong, or asks for something that is
  ///   not computed here.
  init(_ settings: ModelConfiguration) throws(CheckpointError)

  /// What goes in and what comes out. Rankers with added tokens have another vocabulary.
  var shape: EncoderShape { get set }

  /// The architecture's name table.
  ///
  /// - Parameters:
  ///   - table: receives a row for each tensor.
  ///   - prefix: stands before all names.
  func declareWeights(in table: inout WeightTable, prefix: String)

  /// Reads the weights.
  ///
  /// - Parameters:
  ///   - reader: gives the tensors of the table.
  ///   - prefix: stands before all names.
  /// - Returns: the encoder.
  /// - Throws: `CheckpointError` when a tensor cannot be read.
  func makeEncoder(
    _ reader: WeightReader, prefix: String
  ) throws(CheckpointError) -> any TextEncoder

  /// The layers of its classification head.
  ///
  /// - Parameters:
  ///   - settings: those of `config.json`.
  ///   - prefix: stands before the encoder's names.
  /// - Returns: nil when the architecture has no such head here.
  /// - Throws: `CheckpointError` for a setting that is wrong.
  func classificationLayers(
    _ settings: ModelConfiguration, prefix: String
  ) throws(CheckpointError) -> ClassificationLayers?

  /// The layers of its head for masked tokens.
  ///
  /// - Parameter settings: those of `config.json`.
  /// - Returns: nil when the architecture has no such head here.
  /// - Throws: `CheckpointError` for a setting that is wrong.
  func maskedLanguageLayers(
    _ settings: ModelConfiguration
  ) throws(CheckpointError) -> MaskedLanguageLayers?
}

extension EncoderConfiguration {
  /// No head.
  ///
  /// - Parameters:
  ///   - settings: those of `config.json`.
  ///   - prefix: stands before the encoder's names.
  /// - Returns: nil.
  /// - Throws: nothing.
  public func classificationLayers(
    _ settings: ModelConfiguration, prefix: String
  ) throws(CheckpointError) -> ClassificationLayers? { nil }

  /// No head.
  ///
  /// - Parameter settings: those of `config.json`.
  /// - Returns: nil.
  /// - Throws: nothing.
  public func maskedLanguageLayers(
    _ settings: ModelConfiguration
  ) throws(CheckpointError) -> MaskedLanguageLayers? { nil }

  /// A tensor that every encoder has; found with the right prefix.
  public static var commonTensor: String { "embeddings.word_embeddings.weight" }
}
