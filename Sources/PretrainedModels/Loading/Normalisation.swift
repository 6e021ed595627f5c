public import Tensors

/// The weights of a normalisation over the hidden axis.
public struct Normalisation: Sendable {
  /// The factors, `[hidden]`.
  public let weight: Tensor
  /// What is added, `[hidden]`; nil for root-mean-square normalisation.
  public let bias: Tensor?
  /// Added to the variance.
  public let epsilon: Float

  /// Gathers the weights.
  ///
  /// - Parameters:
  ///   - weight: the factors, `[hidden]`.
  ///   - bias: what is added, `[hidden]`, or nil.
  ///   - epsilon: added to the variance.
  public init(weight: Tensor, bias: Tensor?, epsilon: Float) {
    self.weight = weight
    self.bias = bias
    self.epsilon = epsilon
  }
}

extension Compute {
  /// Layer normalisation.
  ///
  /// - Parameters:
  ///   - normalisation: the weights.
  ///   - input: `[tokens, hidden]`.
  ///   - output: the same shape; may be the input itself.
  func normalise(_ normalisation: Normalisation, _ input: Matrix, into output: Matrix) {
    layerNorm(
      input, weight: normalisation.weight, bias: normalisation.bias,
      epsilon: normalisation.epsilon, into: output)
  }
}
