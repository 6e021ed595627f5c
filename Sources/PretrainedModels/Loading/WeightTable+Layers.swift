public import Checkpoints

extension WeightTable {
  /// Expects a linear layer: `NAME.weight` `[outputs, inputs]` and `NAME.bias` `[outputs]`.
  ///
  /// - Parameters:
  ///   - name: the layer's name.
  ///   - inputs: the number of inputs.
  ///   - outputs: the number of outputs.
  ///   - hasBias: whether there is a bias.
  public mutating func requireLinear(
    _ name: String, inputs: Int, outputs: Int, hasBias: Bool = true
  ) {
    require("\(name).weight", shape: [outputs, inputs])
    if hasBias { require("\(name).bias", shape: [outputs]) }
  }

  /// Expects a layer normalisation: `NAME.weight` and `NAME.bias` `[size]`, in checkpoints that were
  /// converted from TensorFlow `NAME.gamma` and `NAME.beta`.
  ///
  /// - Parameters:
  ///   - name: the layer's name.
  ///   - size: the numbers that it normalises.
  public mutating func requireNormalisation(_ name: String, size: Int) {
    require("\(name).weight", aliases: ["\(name).gamma"], shape: [size])
    require("\(name).bias", aliases: ["\(name).beta"], shape: [size])
  }

  /// Expects an embedding table: `NAME.weight` `[entries, size]`.
  ///
  /// - Parameters:
  ///   - name: the layer's name.
  ///   - entries: the number of rows.
  ///   - size: the length of a row.
  public mutating func requireEmbedding(_ name: String, entries: Int, size: Int) {
    require("\(name).weight", shape: [entries, size])
  }
}
