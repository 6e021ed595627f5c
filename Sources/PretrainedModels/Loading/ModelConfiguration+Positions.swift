internal import Checkpoints

extension ModelConfiguration {
  /// Refuses the variants of BERT and RoBERTa that are not computed here: relative keys, decoders.
  ///
  /// - Throws: `CheckpointError.setting`.
  func requireAbsolutePositions() throws(CheckpointError) {
    let kind = "position_embedding_type"
    guard try string(kind, default: "absolute") == "absolute" else {
      throw wrong(kind, expected: "'absolute'")
    }
    guard try !bool("is_decoder", default: false) else {
      throw wrong("is_decoder", expected: "false: this architecture is run as an encoder")
    }
  }
}
