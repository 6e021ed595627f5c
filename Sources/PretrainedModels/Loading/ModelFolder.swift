public import Checkpoints

/// A model's folder: its settings, and where its weights are.
public struct ModelFolder: Sendable {
  /// The folder.
  public let path: String
  /// The settings of `config.json`.
  public let configuration: ModelConfiguration
  /// The folder or file of the weights.
  public let weightsPath: String

  /// Reads the settings.
  ///
  /// - Parameters:
  ///   - path: a folder with `config.json`.
  ///   - weightsPath: the folder or file of the weights, where that is another one.
  /// - Throws: `CheckpointError` when there is no `config.json` or it is no object.
  public init(path: String, weightsPath: String? = nil) throws(CheckpointError) {
    self.path = path
    configuration = try ModelConfiguration(path: "\(path)/config.json")
    self.weightsPath = weightsPath ?? path
  }

  /// Opens the weights.
  ///
  /// - Returns: the tensors, mapped.
  /// - Throws: `CheckpointError` when the files are missing or damaged.
  public func checkpoint() throws(CheckpointError) -> Checkpoint {
    try Checkpoint(path: weightsPath)
  }

  /// The architecture's name.
  ///
  /// - Returns: `model_type`.
  /// - Throws: `CheckpointError` when it is missing.
  public func modelType() throws(CheckpointError) -> String {
    try configuration.string("model_type")
  }
}
