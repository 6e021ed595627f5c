internal import Checkpoints

extension ModelConfiguration {
  /// The number of layers; bounded, since every layer has rows in the name table.
  ///
  /// - Parameter key: its key.
  /// - Returns: the setting.
  /// - Throws: `CheckpointError.setting`.
  func layerCount(_ key: String = "num_hidden_layers") throws(CheckpointError) -> Int {
    try int(key, in: 1...1000)
  }
}
