internal import Checkpoints
internal import Tensors

/// The sizes of the layers of BART's encoder or decoder.
struct BARTSizes: Sendable {
  var hidden: Int
  var heads: Int
  var intermediate: Int
  var activation: Activation
  /// That of PyTorch's layer normalisation.
  let epsilon: Float = 1e-5

  init(_ settings: ModelConfiguration, _ stack: String) throws(CheckpointError) {
    hidden = try settings.int("d_model", default: 1024)
    heads = try settings.int("\(stack)_attention_heads", default: 16)
    intermediate = try settings.int("\(stack)_ffn_dim", default: 4096)
    activation = try settings.activation("activation_function", default: .gelu)
    guard hidden % heads == 0 else {
      throw settings.wrong("\(stack)_attention_heads", expected: "a divisor of \(hidden)")
    }
  }

  /// The factor of attention's products.
  var scale: Float { 1 / Float(hidden / heads).squareRoot() }
}

/// Learned positions and the normalisation of embeddings.
struct BARTEmbedding {
  /// [positions, hidden]
  let positions: Matrix
  let normalisation: Normalisation

  init(_ reader: WeightReader, _ stack: String) throws(CheckpointError) {
    positions = try reader.tensor("\(stack).embed_positions.weight").matrix
    normalisation = try reader.normalisation("\(stack).layernorm_embedding", epsilon: 1e-5)
  }
}

/// The names of attention's tensors.
enum BARTAttention {
  static let projections = ["q_proj", "k_proj", "v_proj"]

  static func declare(
    in table: inout WeightTable, _ name: String, _ kind: String, _ sizes: BARTSizes
  ) {
    for part in projections + ["out_proj"] {
      table.requireLinear(
        "\(name).\(kind).\(part)", inputs: sizes.hidden, outputs: sizes.hidden)
    }
    table.requireNormalisation("\(name).\(kind)_layer_norm", size: sizes.hidden)
  }
}

/// What follows attention: a linear layer, the sum with what went in, normalisation.
struct BARTAttentionOutput {
  /// hidden -> hidden
  let dense: Linear
  let normalisation: Normalisation

  init(
    _ reader: WeightReader, _ name: String, _ kind: String, _ sizes: BARTSizes
  ) throws(CheckpointError) {
    dense = try reader.linear("\(name).\(kind).out_proj")
    normalisation = try reader.normalisation(
      "\(name).\(kind)_layer_norm", epsilon: sizes.epsilon)
  }

  /// hidden = norm(hidden + dense(context)); both `[tokens, hidden]`.
  func apply(_ context: Matrix, to hidden: Matrix, _ compute: Compute) {
    compute.linear(dense, context, into: hidden, adding: hidden)
    compute.normalise(normalisation, hidden, into: hidden)
  }
}

/// The feed-forward network, the sum with what went in, normalisation.
struct BARTFeedForward {
  /// hidden -> intermediate
  let up: Linear
  let activation: Activation
  /// intermediate -> hidden
  let down: Linear
  let normalisation: Normalisation

  static func declare(in table: inout WeightTable, _ name: String, _ sizes: BARTSizes) {
    table.requireLinear("\(name).fc1", inputs: sizes.hidden, outputs: sizes.intermediate)
    table.requireLinear("\(name).fc2", inputs: sizes.intermediate, outputs: sizes.hidden)
    table.requireNormalisation("\(name).final_layer_norm", size: sizes.hidden)
  }

  init(
    _ reader: WeightReader, _ name: String, _ sizes: BARTSizes
  ) throws(CheckpointError) {
    up = try reader.linear("\(name).fc1")
    activation = sizes.activation
    down = try reader.linear("\(name).fc2")
    normalisation = try reader.normalisation(
      "\(name).final_layer_norm", epsilon: sizes.epsilon)
  }

  /// hidden = norm(hidden + down(activation(up(hidden)))); `[tokens, hidden]`.
  func apply(to hidden: Matrix, _ compute: Compute) {
    let workspace = compute.workspace
    workspace.scope {
      let most = min(hidden.rows, FeedForward.blockRows)
      let inner = workspace.matrix(rows: most, columns: up.outputs)
      for start in stride(from: 0, to: hidden.rows, by: FeedForward.blockRows) {
        let block = hidden.rows(start..<min(hidden.rows, start + FeedForward.blockRows))
        let wide = inner.rows(0..<block.rows)
        compute.linear(up, block, into: wide, activation: activation)
        compute.linear(down, wide, into: block, adding: block)
      }
    }
    compute.normalise(normalisation, hidden, into: hidden)
  }
}

/// One of the encoder's layers.
///
/// Source: modeling_bart.py@v4.46.3, `BartEncoderLayer`.
struct BARTEncoderLayer {
  /// Queries, keys and values: hidden -> 3 * hidden
  let projections: Linear
  let output: BARTAttentionOutput
  let feedForward: BARTFeedForward
  let sizes: BARTSizes

  init(
    _ reader: WeightReader, _ name: String, _ sizes: BARTSizes
  ) throws(CheckpointError) {
    projections = try reader.linear(
      stacking: BARTAttention.projections.map { "\(name).self_attn.\($0)" })
    output = try BARTAttentionOutput(reader, name, "self_attn", sizes)
    feedForward = try BARTFeedForward(reader, name, sizes)
    self.sizes = sizes
  }

  // hidden [tokens, hidden] -> the same
  func apply(to hidden: Matrix, lengths: [Int], precision: Precision, _ compute: Compute) {
    let workspace = compute.workspace
    let size = hidden.columns
    workspace.scope {
      let projected = workspace.matrix(rows: hidden.rows, columns: 3 * size)
      compute.linear(projections, hidden, into: projected)
      let queries = projected.columns(0..<size)
      compute.attention(
        queries: queries, keys: projected.columns(size..<2 * size),
        values: projected.columns(2 * size..<3 * size),
        segments: AttentionSegment.selfAttention(lengths: lengths), heads: sizes.heads,
        scale: sizes.scale, precision: precision, into: queries)
      output.apply(queries, to: hidden, compute)
    }
    feedForward.apply(to: hidden, compute)
  }
}

/// One of the decoder's layers.
///
/// Source: modeling_bart.py@v4.46.3, `BartDecoderLayer`.
struct BARTDecoderLayer {
  /// Queries, keys and values of the target: hidden -> 3 * hidden
  let projections: Linear
  let output: BARTAttentionOutput
  /// hidden -> hidden
  let sourceQueries: Linear
  /// hidden -> 2 * hidden
  let sourceKeysAndValues: Linear
  let sourceOutput: BARTAttentionOutput
  let feedForward: BARTFeedForward
  let sizes: BARTSizes

  init(
    _ reader: WeightReader, _ name: String, _ sizes: BARTSizes
  ) throws(CheckpointError) {
    projections = try reader.linear(
      stacking: BARTAttention.projections.map { "\(name).self_attn.\($0)" })
    output = try BARTAttentionOutput(reader, name, "self_attn", sizes)
    sourceQueries = try reader.linear("\(name).encoder_attn.q_proj")
    sourceKeysAndValues = try reader.linear(
      stacking: ["k_proj", "v_proj"].map { "\(name).encoder_attn.\($0)" })
    sourceOutput = try BARTAttentionOutput(reader, name, "encoder_attn", sizes)
    feedForward = try BARTFeedForward(reader, name, sizes)
    self.sizes = sizes
  }

  // hidden [tokens, hidden] -> the same
  func apply(
    to hidden: Matrix, layer: Int, _ attention: any DecoderAttention, _ compute: Compute
  ) {
    let workspace = compute.workspace
    workspace.scope {
      let context = workspace.matrix(rows: hidden.rows, columns: hidden.columns)
      workspace.scope {
        let projected = workspace.matrix(rows: hidden.rows, columns: 3 * hidden.columns)
        compute.linear(projections, hidden, into: projected)
        attention.attendToTarget(
          projected, layer: layer, scale: sizes.scale, bias: nil, into: context)
      }
      output.apply(context, to: hidden, compute)
      compute.linear(sourceQueries, hidden, into: context)
      attention.attendToSource(context, layer: layer, scale: sizes.scale, into: context)
      sourceOutput.apply(context, to: hidden, compute)
    }
    feedForward.apply(to: hidden, compute)
  }
}
