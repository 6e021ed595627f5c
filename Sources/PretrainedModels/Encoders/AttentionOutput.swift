internal import Checkpoints
internal import Tensors

/// What follows attention in the encoders of the BERT family: a linear layer, the sum with what went
/// into attention, normalisation.
///
/// Source: transformers/models/bert/modeling_bert.py@v4.46.3, `BertSelfOutput`.
struct AttentionOutput {
  /// hidden -> hidden
  let dense: Linear
  let normalisation: Normalisation

  static func declare(
    in table: inout WeightTable, _ name: String, _ sizes: TransformerLayer.Sizes
  ) {
    table.requireLinear(
      "\(name).attention.output.dense", inputs: sizes.hidden, outputs: sizes.hidden)
    table.requireNormalisation("\(name).attention.output.LayerNorm", size: sizes.hidden)
  }

  init(
    _ reader: WeightReader, _ name: String, _ sizes: TransformerLayer.Sizes
  ) throws(CheckpointError) {
    dense = try reader.linear("\(name).attention.output.dense")
    normalisation = try reader.normalisation(
      "\(name).attention.output.LayerNorm", epsilon: sizes.epsilon)
  }

  /// hidden = norm(hidden + dense(context)); both `[tokens, hidden]`.
  func apply(_ context: Matrix, to hidden: Matrix, _ compute: Compute) {
    compute.linear(dense, context, into: hidden, adding: hidden)
    compute.normalise(normalisation, hidden, into: hidden)
  }
}
