internal import Checkpoints
internal import Tensors

/// The relative positions of one DeBERTa layer, projected once: they depend on weights alone.
struct RelativeProjections {
  /// `[positions, hidden]`; nil without the term of the key's position.
  let keys: Matrix?
  /// `[positions, hidden]`; nil without the term of the query's position.
  let queries: Matrix?

  /// Projects the positions, in 32-bit floats whatever the model's precision is; nil when scores have
  /// no term of positions.
  ///
  /// - Parameters:
  ///   - reader: gives the tensors.
  ///   - relative: the embeddings of the positions, `[positions, hidden]`; nil without such attention.
  ///   - keys: the layer that projects them to keys; nil without that term.
  ///   - queries: the layer that projects them to queries; nil without that term.
  /// - Throws: `CheckpointError` when a tensor cannot be read.
  init?(
    _ reader: WeightReader, _ relative: Tensor?, keys: String?, queries: String?
  ) throws(CheckpointError) {
    guard let relative, keys != nil || queries != nil else { return nil }
    self.keys = try Self.project(relative.matrix, by: keys, reader)
    self.queries = try Self.project(relative.matrix, by: queries, reader)
  }

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
