public import Checkpoints
public import Tensors

/// Reads the weights of an architecture and packs them for a computation.
///
/// A tensor is read, packed and released before the next one, so that loading needs little more
/// memory than the packed model.
public struct WeightReader {
  /// The tensors, which fit the architecture's table.
  public let weights: Weights
  /// How linear layers are packed.
  public let precision: Precision
  /// Where the model will run.
  public let compute: Compute

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - weights: the tensors.
  ///   - precision: how linear layers are packed.
  ///   - compute: where the model will run.
  public init(_ weights: Weights, precision: Precision, for compute: Compute) {
    self.weights = weights
    self.precision = precision
    self.compute = compute
  }

  /// Reads a tensor as 32-bit floats.
  ///
  /// - Parameter name: the tensor's name in the table.
  /// - Returns: the tensor.
  /// - Throws: `CheckpointError`.
  public func tensor(_ name: String) throws(CheckpointError) -> Tensor {
    try weights.tensor(name)
  }

  /// Opens an embedding table; it stays as the file stores it.
  ///
  /// - Parameter name: the layer's name: that of its tensor without `.weight`.
  /// - Returns: the table.
  /// - Throws: `CheckpointError`.
  public func embedding(_ name: String) throws(CheckpointError) -> EmbeddingTable {
    try weights.embeddingTable("\(name).weight")
  }

  /// Reads and packs a linear layer.
  ///
  /// - Parameters:
  ///   - name: the layer's name: that of its tensors without `.weight` and `.bias`.
  ///   - precision: how it is packed, if not as the others.
  /// - Returns: the layer, with a bias where the checkpoint has one.
  /// - Throws: `CheckpointError`.
  public func linear(
    _ name: String, precision: Precision? = nil
  ) throws(CheckpointError) -> Linear {
    try linear(stacking: [name], precision: precision)
  }

  /// Reads linear layers of the same inputs and packs them as one.
  ///
  /// - Parameters:
  ///   - names: the layers' names; their outputs follow each other.
  ///   - precision: how they are packed, if not as the others.
  /// - Returns: the layer.
  /// - Throws: `CheckpointError`.
  public func linear(
    stacking names: [String], precision: Precision? = nil
  ) throws(CheckpointError) -> Linear {
    var layers: [(weight: Matrix, bias: Tensor?)] = []
    for name in names {
      let bias = weights.contains("\(name).bias") ? try tensor("\(name).bias") : nil
      layers.append((try tensor("\(name).weight").matrix, bias))
    }
    return Linear(stacking: layers, precision: precision ?? self.precision, for: compute)
  }

  /// Packs a linear layer whose weights are at hand.
  ///
  /// - Parameters:
  ///   - weight: `[outputs, inputs]`.
  ///   - bias: `[outputs]`, or nil.
  ///   - precision: how it is packed, if not as the others.
  /// - Returns: the layer.
  public func pack(_ weight: Matrix, bias: Tensor?, precision: Precision? = nil) -> Linear {
    Linear(weight: weight, bias: bias, precision: precision ?? self.precision, for: compute)
  }

  /// Reads a normalisation.
  ///
  /// - Parameters:
  ///   - name: the layer's name: that of its tensors without `.weight` and `.bias`.
  ///   - epsilon: added to the variance.
  /// - Returns: the layer, with a bias where the checkpoint has one.
  /// - Throws: `CheckpointError`.
  public func normalisation(
    _ name: String, epsilon: Float
  ) throws(CheckpointError) -> Normalisation {
    Normalisation(
      weight: try tensor("\(name).weight"),
      bias: weights.contains("\(name).bias") ? try tensor("\(name).bias") : nil, epsilon: epsilon)
  }
}
