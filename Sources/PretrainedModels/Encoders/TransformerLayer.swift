internal import Checkpoints
internal import Tensors

/// One layer of BERT, RoBERTa and RemBERT: attention and a feed-forward network, each followed by
/// the normalisation of its sum with what went in.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`, `intermediate`.
///
/// Source: Vaswani et al., "Attention Is All You Need", 2017, https://arxiv.org/abs/1706.03762;
/// transformers/models/bert/modeling_bert.py@v4.46.3, `BertLayer`.
struct TransformerLayer {
  struct Sizes: Sendable {
    var hidden: Int
    var heads: Int
    var intermediate: Int
    var activation: Activation
    var epsilon: Float

    init(_ settings: ModelConfiguration, epsilon: Double) throws(CheckpointError) {
      hidden = try settings.int("hidden_size")
      heads = try settings.int("num_attention_heads")
      intermediate = try settings.int("intermediate_size")
      activation = try settings.activation("hidden_act", default: .gelu)
      self.epsilon = Float(try settings.double("layer_norm_eps", in: 0...1, default: epsilon))
      guard hidden % heads == 0 else {
        throw settings.wrong("num_attention_heads", expected: "a divisor of \(hidden)")
      }
    }
  }

  /// Queries, keys and values: hidden -> 3 * hidden.
  let projections: Linear
  let output: AttentionOutput
  let feedForward: FeedForward

  static func declare(in table: inout WeightTable, _ name: String, _ sizes: Sizes) {
    for part in ["query", "key", "value"] {
      table.requireLinear(
        "\(name).attention.self.\(part)", inputs: sizes.hidden, outputs: sizes.hidden)
    }
    AttentionOutput.declare(in: &table, name, sizes)
    FeedForward.declare(in: &table, name, sizes)
  }

  init(_ reader: WeightReader, _ name: String, _ sizes: Sizes) throws(CheckpointError) {
    projections = try reader.linear(
      stacking: ["query", "key", "value"].map { "\(name).attention.self.\($0)" })
    output = try AttentionOutput(reader, name, sizes)
    feedForward = try FeedForward(reader, name, sizes)
  }

  /// Reads the layers `PREFIXencoder.layer.0` and up.
  static func read(
    _ reader: WeightReader, prefix: String, count: Int, _ sizes: Sizes
  ) throws(CheckpointError) -> [TransformerLayer] {
    var layers: [TransformerLayer] = []
    for layer in 0..<count {
      layers.append(try TransformerLayer(reader, "\(prefix)encoder.layer.\(layer)", sizes))
    }
    return layers
  }

  /// Computes the layer.
  ///
  /// - Parameters:
  ///   - hidden: the states before it, `[tokens, hidden]`; receives those after it.
  ///   - lengths: the tokens of each sequence.
  ///   - heads: the number of heads.
  ///   - precision: that of the products in attention.
  ///   - compute: where it computes; in a scope of its workspace.
  func apply(
    to hidden: Matrix, lengths: [Int], heads: Int, precision: Precision, _ compute: Compute
  ) {
    let size = hidden.columns
    compute.workspace.scope {
      let projected = compute.workspace.matrix(rows: hidden.rows, columns: 3 * size)
      compute.linear(projections, hidden, into: projected)
      let queries = projected.columns(0..<size)
      compute.attention(
        queries: queries, keys: projected.columns(size..<2 * size),
        values: projected.columns(2 * size..<3 * size),
        segments: AttentionSegment.selfAttention(lengths: lengths), heads: heads,
        scale: 1 / Float(size / heads).squareRoot(), precision: precision, into: queries)
      // The context stands where the queries were.
      output.apply(queries, to: hidden, compute)
    }
    feedForward.apply(to: hidden, compute)
  }
}
