internal import Checkpoints
internal import Tensors

/// The feed-forward network of the encoders of the BERT family, with the sum and normalisation that
/// follow it.
///
/// Source: transformers/models/bert/modeling_bert.py@v4.46.3, `BertIntermediate`, `BertOutput`.
struct FeedForward {
  /// hidden -> intermediate
  let up: Linear
  let activation: Activation
  /// intermediate -> hidden
  let down: Linear
  let normalisation: Normalisation

  /// Rows that are computed together: their intermediate states stay in the third-level cache, and
  /// the memory for them does not grow with the batch.
  static let blockRows = 1024

  static func declare(
    in table: inout WeightTable, _ name: String, _ sizes: TransformerLayer.Sizes
  ) {
    table.requireLinear(
      "\(name).intermediate.dense", inputs: sizes.hidden, outputs: sizes.intermediate)
    table.requireLinear("\(name).output.dense", inputs: sizes.intermediate, outputs: sizes.hidden)
    table.requireNormalisation("\(name).output.LayerNorm", size: sizes.hidden)
  }

  init(
    _ reader: WeightReader, _ name: String, _ sizes: TransformerLayer.Sizes
  ) throws(CheckpointError) {
    up = try reader.linear("\(name).intermediate.dense")
    activation = sizes.activation
    down = try reader.linear("\(name).output.dense")
    normalisation = try reader.normalisation("\(name).output.LayerNorm", epsilon: sizes.epsilon)
  }

  /// hidden = norm(hidden + down(activation(up(hidden)))); `[tokens, hidden]`.
  func apply(to hidden: Matrix, _ compute: Compute) {
    compute.workspace.scope {
      let rows = min(hidden.rows, Self.blockRows)
      // [rows, intermediate]
      let intermediate = compute.workspace.matrix(rows: rows, columns: up.outputs)
      for start in stride(from: 0, to: hidden.rows, by: Self.blockRows) {
        let block = hidden.rows(start..<min(hidden.rows, start + Self.blockRows))
        let inner = intermediate.rows(0..<block.rows)
        compute.linear(up, block, into: inner, activation: activation)
        compute.linear(down, inner, into: block, adding: block)
      }
    }
    compute.normalise(normalisation, hidden, into: hidden)
  }
}
