internal import Checkpoints
internal import Tensors

extension ModelConfiguration {
  /// The activations by the names that Hugging Face's configurations give them.
  ///
  /// Source: transformers/activations.py@v4.46.3, `ACT2CLS`. `gelu_fast` and `gelu_pytorch_tanh` are
  /// `gelu_new` with other roundings.
  static let activations: KeyValuePairs<String, Activation> = [
    "gelu": .gelu, "gelu_new": .geluTanh, "gelu_fast": .geluTanh, "gelu_pytorch_tanh": .geluTanh,
    "gelu_python": .gelu, "relu": .relu, "silu": .silu, "swish": .silu, "tanh": .tanh,
    "sigmoid": .sigmoid, "linear": .identity,
  ]

  /// An activation by its name.
  ///
  /// - Parameters:
  ///   - key: its key.
  ///   - fallback: its value where it is missing; nil when it must be there.
  /// - Returns: the function.
  /// - Throws: `CheckpointError.setting` for a name that is not known.
  func activation(
    _ key: String, default fallback: Activation? = nil
  ) throws(CheckpointError) -> Activation {
    try choice(key, of: Self.activations, default: fallback)
  }
}
