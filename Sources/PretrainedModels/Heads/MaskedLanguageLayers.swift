public import Tensors

/// Where an architecture keeps the layers that predict masked tokens: a linear layer with an
/// activation, normalisation, the product with the word embeddings, a bias for each word.
public struct MaskedLanguageLayers: Sendable, Equatable {
  /// The linear layer's name.
  public var dense: String
  /// What follows it.
  public var activation: Activation
  /// The normalisation's name.
  public var normalisation: String
  /// Added to the variance.
  public var epsilon: Float
  /// The names of the bias, of which files have one or both.
  public var bias: [String]
  /// The name of the weights to the words where they are not the embeddings.
  public var decoder: String
  /// The numbers of a word's embedding.
  public var size: Int

  /// Describes the layers.
  ///
  /// - Parameters:
  ///   - dense: the linear layer's name.
  ///   - activation: what follows it.
  ///   - normalisation: the normalisation's name.
  ///   - epsilon: added to the variance.
  ///   - bias: the names of the bias.
  ///   - decoder: the name of the weights to the words where they are not the embeddings.
  ///   - size: the numbers of a word's embedding.
  public init(
    dense: String, activation: Activation, normalisation: String, epsilon: Float, bias: [String],
    decoder: String, size: Int
  ) {
    self.dense = dense
    self.activation = activation
    self.normalisation = normalisation
    self.epsilon = epsilon
    self.bias = bias
    self.decoder = decoder
    self.size = size
  }

  /// The layers under `cls.predictions.`, as BERT and DeBERTa have them.
  static func predictions(
    activation: Activation, epsilon: Float, size: Int
  ) -> MaskedLanguageLayers {
    let name = "cls.predictions"
    return MaskedLanguageLayers(
      dense: "\(name).transform.dense", activation: activation,
      normalisation: "\(name).transform.LayerNorm", epsilon: epsilon,
      bias: ["\(name).bias", "\(name).decoder.bias"], decoder: "\(name).decoder.weight", size: size)
  }
}
