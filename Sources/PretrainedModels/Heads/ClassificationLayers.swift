public import Tensors

/// Where an architecture keeps the layers that classify a sequence: the state of the first token,
/// a linear layer with an activation, a linear layer to the labels.
public struct ClassificationLayers: Sendable, Equatable {
  /// The first linear layer's name.
  public var pooler: String
  /// What follows it.
  public var activation: Activation
  /// The last linear layer's name.
  public var classifier: String

  /// Describes the layers.
  ///
  /// - Parameters:
  ///   - pooler: the first linear layer's name.
  ///   - activation: what follows it.
  ///   - classifier: the last linear layer's name.
  public init(pooler: String, activation: Activation, classifier: String) {
    self.pooler = pooler
    self.activation = activation
    self.classifier = classifier
  }
}
