internal import Checkpoints
internal import Tensors

extension DisentangledPositions {
  /// Projects the relative positions of one layer and packs them; nil when scores have no term of
  /// positions.
  ///
  /// - Parameters:
  ///   - reader: gives the tensors.
  ///   - relative: the embeddings of the positions, `[positions, hidden]`; nil without such attention.
  ///   - keys: the layer that projects them to keys; nil without that term.
  ///   - queries: the layer that projects them to queries; nil without that term.
  ///   - index: the relative position of each distance.
  ///   - heads: the number of heads.
  /// - Throws: `CheckpointError` when a tensor cannot be read.
  init?(
    _ reader: WeightReader, _ relative: Tensor?, keys: String?, queries: String?,
    index: RelativeIndex, heads: Int
  ) throws(CheckpointError) {
    guard let relative, keys != nil || queries != nil else { return nil }
    self.init(
      keys: try Self.project(relative.matrix, by: keys, reader),
      queries: try Self.project(relative.matrix, by: queries, reader), keyIndex: index,
      queryIndex: index, heads: heads, precision: reader.precision, for: reader.compute)
  }

  /// `[positions, hidden]`, from the weights in 32-bit floats whatever the model's precision is.
  private static func project(
    _ relative: Matrix, by layer: String?, _ reader: WeightReader
  ) throws(CheckpointError) -> Matrix? {
    guard let layer else { return nil }
    let weight = try reader.tensor("\(layer).weight").matrix
    let output = Matrix(rows: relative.rows, columns: weight.rows)
    reader.compute.multiply(relative, weight, transposesRight: true, into: output)
    if reader.weights.contains("\(layer).bias") {
      reader.compute.addBias(try reader.tensor("\(layer).bias"), to: output, into: output)
    }
    return output
  }
}
