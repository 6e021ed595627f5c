internal import Checkpoints
internal import Tensors

/// The sizes and functions of T5's layers.
struct T5Sizes: Sendable {
  var hidden: Int
  var heads: Int
  var headSize: Int
  var intermediate: Int
  var activation: Activation
  /// Whether the feed-forward network has a gate: v1.1.
  var isGated: Bool
  var epsilon: Float

  var inner: Int { heads * headSize }

  /// Reads the sizes.
  ///
  /// - Parameters:
  ///   - settings: those of `config.json`.
  ///   - feedForward: the kind of feed-forward network where they do not name one.
  /// - Throws: `CheckpointError` when a setting is missing or of a wrong kind.
  init(_ settings: ModelConfiguration, feedForward: String) throws(CheckpointError) {
    hidden = try settings.int("d_model")
    heads = try settings.int("num_heads")
    headSize = try settings.int("d_kv", default: 64)
    intermediate = try settings.int("d_ff")
    epsilon = Float(try settings.double("layer_norm_epsilon", in: 0...1, default: 1e-6))
    let key = "feed_forward_proj"
    let parts = try settings.string(key, default: feedForward)
      .split(separator: "-", omittingEmptySubsequences: false)
    guard let name = parts.last, parts.count == 1 || (parts.count == 2 && parts[0] == "gated")
    else { throw settings.wrong(key, expected: "an activation, or 'gated-' and an activation") }
    // Source: configuration_t5.py@v4.46.3: what is derived here may be written out as well.
    isGated = try settings.bool("is_gated_act", default: parts[0] == "gated")
    if settings.contains("dense_act_fn") {
      activation = try settings.activation("dense_act_fn")
    } else if parts == ["gated", "gelu"] {
      activation = .geluTanh
    } else if let activation = ModelConfiguration.activations.first(where: { $0.key == name }) {
      self.activation = activation.value
    } else {
      throw settings.wrong(key, expected: "a known activation")
    }
  }
}
