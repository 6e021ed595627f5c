public import Checkpoints

/// The settings of one encoder-decoder, and the table of its weights; each architecture has a type of
/// its own.
public protocol EncoderDecoderConfiguration: Sendable {
  /// The architecture's names in `model_type`.
  static var modelTypes: [String] { get }

  /// Reads the settings.
  ///
  /// - Parameter settings: those of `config.json`.
  /// - Throws: `CheckpointError` for a setting that is missing, wrong, or asks for something that is
  ///   not computed here.
  init(_ settings: ModelConfiguration) throws(CheckpointError)

  /// What goes in and what comes out.
  var shape: EncoderDecoderShape { get }

  /// The special tokens of generation that the architecture has where the settings name none, by
  /// the settings' keys.
  var generationDefaults: [String: Int] { get }

  /// The architecture's name table.
  ///
  /// - Parameters:
  ///   - table: receives a row for each tensor.
  ///   - checkpoint: the files, whose names may have a prefix.
  func declareWeights(in table: inout WeightTable, for checkpoint: Checkpoint)

  /// Reads the weights.
  ///
  /// - Parameter reader: gives the tensors of the table.
  /// - Returns: the model.
  /// - Throws: `CheckpointError` when a tensor cannot be read.
  func makeModel(_ reader: WeightReader) throws(CheckpointError) -> any EncoderDecoder
}
