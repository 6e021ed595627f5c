internal import Checkpoints
internal import Tensors

extension Compute {
  /// Division by the root of the mean square.
  func normaliseRootMeanSquare(
    _ normalisation: Normalisation, _ input: Matrix, into output: Matrix
  ) {
    rmsNorm(
      input, weight: normalisation.weight, epsilon: normalisation.epsilon, into: output)
  }
}

/// The names of attention's tensors.
enum T5Attention {
  static func declare(in table: inout WeightTable, _ name: String, _ sizes: T5Sizes) {
    for part in ["q", "k", "v"] {
      table.requireLinear(
        "\(name).\(part)", inputs: sizes.hidden, outputs: sizes.inner, hasBias: false)
    }
    table.requireLinear(
      "\(name).o", inputs: sizes.inner, outputs: sizes.hidden, hasBias: false)
  }
}

/// What attention scores gain by distance: a table of buckets and heads, shared by all layers.
///
/// Source: modeling_t5.py@v4.46.3, `T5Attention.compute_bias`.
final class T5DistanceBias {
  /// `[buckets, heads]`
  private let table: Matrix
  private let buckets: RelativeBuckets
  private var reach = 0
  private var bias: DistanceBias?

  init(
    _ reader: WeightReader, _ stack: String, _ buckets: RelativeBuckets
  ) throws(CheckpointError) {
    table = try reader.tensor(
      "\(stack).block.0.layer.0.SelfAttention.relative_attention_bias.weight"
    ).matrix
    self.buckets = buckets
  }

  /// The bias for sequences of up to `length` tokens, kept until longer ones come.
  func reaching(_ length: Int) -> DistanceBias {
    if let bias, length <= reach { return bias }
    var reach = max(self.reach, 64)
    while reach < length { reach *= 2 }
    let distances = Matrix(rows: table.columns, columns: 2 * reach - 1)
    for column in 0..<distances.columns {
      let bucket = buckets.bucket(distance: column - (reach - 1))
      for head in 0..<table.columns { distances[head, column] = table[bucket, head] }
    }
    let bias = DistanceBias(table: distances, zero: reach - 1)
    self.bias = bias
    self.reach = reach
    return bias
  }
}

/// The feed-forward network, with the normalisation before it and the sum after it.
///
/// Source: modeling_t5.py@v4.46.3, `T5LayerFF`, `T5DenseActDense`, `T5DenseGatedActDense`.
struct T5FeedForward {
  let normalisation: Normalisation
  /// hidden -> intermediate, or gate and input: hidden -> 2 * intermediate
  let up: Linear
  /// intermediate -> hidden
  let down: Linear

  private static func names(_ name: String, isDecoder: Bool) -> (dense: String, norm: String) {
    let sublayer = "\(name).\(isDecoder ? 2 : 1)"
    return ("\(sublayer).DenseReluDense", "\(sublayer).layer_norm")
  }

  static func declare(
    in table: inout WeightTable, _ name: String, isDecoder: Bool, _ sizes: T5Sizes
  ) {
    let (dense, norm) = names(name, isDecoder: isDecoder)
    for part in sizes.isGated ? ["wi_0", "wi_1"] : ["wi"] {
      table.requireLinear(
        "\(dense).\(part)", inputs: sizes.hidden, outputs: sizes.intermediate, hasBias: false)
    }
    table.requireLinear(
      "\(dense).wo", inputs: sizes.intermediate, outputs: sizes.hidden, hasBias: false)
    table.require("\(norm).weight", shape: [sizes.hidden])
  }

  init(
    _ reader: WeightReader, _ name: String, isDecoder: Bool, _ sizes: T5Sizes
  ) throws(CheckpointError) {
    let (dense, norm) = Self.names(name, isDecoder: isDecoder)
    normalisation = try reader.normalisation(norm, epsilon: sizes.epsilon)
    up = try reader.linear(
      stacking: (sizes.isGated ? ["wi_0", "wi_1"] : ["wi"]).map { "\(dense).\($0)" })
    down = try reader.linear("\(dense).wo")
  }

  /// hidden += down(activation(gate) * input); `[tokens, hidden]`.
  func apply(to hidden: Matrix, _ sizes: T5Sizes, _ compute: Compute) {
    let workspace = compute.workspace
    let width = sizes.intermediate
    workspace.scope {
      let most = min(hidden.rows, FeedForward.blockRows)
      let normed = workspace.matrix(rows: most, columns: hidden.columns)
      let inner = workspace.matrix(rows: most, columns: up.outputs)
      for start in stride(from: 0, to: hidden.rows, by: FeedForward.blockRows) {
        let block = hidden.rows(start..<min(hidden.rows, start + FeedForward.blockRows))
        let (input, wide) = (normed.rows(0..<block.rows), inner.rows(0..<block.rows))
        compute.normaliseRootMeanSquare(normalisation, block, into: input)
        if sizes.isGated {
          compute.linear(up, input, into: wide)
          let gate = wide.columns(0..<width)
          compute.gated(
            sizes.activation, gate: gate, wide.columns(width..<2 * width), into: gate)
          compute.linear(down, gate, into: block, adding: block)
        } else {
          compute.linear(up, input, into: wide, activation: sizes.activation)
          compute.linear(down, wide, into: block, adding: block)
        }
      }
    }
  }
}

/// One of the encoder's layers.
struct T5EncoderLayer {
  let normalisation: Normalisation
  /// Queries, keys and values: hidden -> 3 * inner
  let projections: Linear
  /// inner -> hidden
  let output: Linear
  let feedForward: T5FeedForward

  init(
    _ reader: WeightReader, _ name: String, _ sizes: T5Sizes
  ) throws(CheckpointError) {
    normalisation = try reader.normalisation("\(name).0.layer_norm", epsilon: sizes.epsilon)
    projections = try reader.linear(
      stacking: ["q", "k", "v"].map { "\(name).0.SelfAttention.\($0)" })
    output = try reader.linear("\(name).0.SelfAttention.o")
    feedForward = try T5FeedForward(reader, name, isDecoder: false, sizes)
  }

  // hidden [tokens, hidden] -> the same
  func apply(
    to hidden: Matrix, lengths: [Int], bias: DistanceBias, _ sizes: T5Sizes,
    precision: Precision, _ compute: Compute
  ) {
    let workspace = compute.workspace
    let inner = sizes.inner
    workspace.scope {
      let normed = workspace.matrix(rows: hidden.rows, columns: hidden.columns)
      compute.normaliseRootMeanSquare(normalisation, hidden, into: normed)
      let projected = workspace.matrix(rows: hidden.rows, columns: 3 * inner)
      compute.linear(projections, normed, into: projected)
      let queries = projected.columns(0..<inner)
      compute.attention(
        queries: queries, keys: projected.columns(inner..<2 * inner),
        values: projected.columns(2 * inner..<3 * inner),
        segments: AttentionSegment.selfAttention(lengths: lengths), heads: sizes.heads, scale: 1,
        bias: bias, precision: precision, into: queries)
      compute.linear(output, queries, into: hidden, adding: hidden)
    }
    feedForward.apply(to: hidden, sizes, compute)
  }
}

/// One of the decoder's layers.
struct T5DecoderLayer {
  let normalisation: Normalisation
  /// Queries, keys and values of the target: hidden -> 3 * inner
  let projections: Linear
  /// inner -> hidden
  let output: Linear
  let sourceNormalisation: Normalisation
  /// hidden -> inner
  let sourceQueries: Linear
  /// hidden -> 2 * inner
  let sourceKeysAndValues: Linear
  /// inner -> hidden
  let sourceOutput: Linear
  let feedForward: T5FeedForward

  init(
    _ reader: WeightReader, _ name: String, _ sizes: T5Sizes
  ) throws(CheckpointError) {
    let (target, source) = ("\(name).0.SelfAttention", "\(name).1.EncDecAttention")
    normalisation = try reader.normalisation("\(name).0.layer_norm", epsilon: sizes.epsilon)
    projections = try reader.linear(stacking: ["q", "k", "v"].map { "\(target).\($0)" })
    output = try reader.linear("\(target).o")
    sourceNormalisation = try reader.normalisation(
      "\(name).1.layer_norm", epsilon: sizes.epsilon)
    sourceQueries = try reader.linear("\(source).q")
    sourceKeysAndValues = try reader.linear(stacking: ["k", "v"].map { "\(source).\($0)" })
    sourceOutput = try reader.linear("\(source).o")
    feedForward = try T5FeedForward(reader, name, isDecoder: true, sizes)
  }

  // hidden [tokens, hidden] -> the same
  func apply(
    to hidden: Matrix, layer: Int, bias: DistanceBias, _ sizes: T5Sizes,
    _ attention: any DecoderAttention, _ compute: Compute
  ) {
    let workspace = compute.workspace
    workspace.scope {
      let normed = workspace.matrix(rows: hidden.rows, columns: hidden.columns)
      let context = workspace.matrix(rows: hidden.rows, columns: sizes.inner)
      workspace.scope {
        let projected = workspace.matrix(rows: hidden.rows, columns: 3 * sizes.inner)
        compute.normaliseRootMeanSquare(normalisation, hidden, into: normed)
        compute.linear(projections, normed, into: projected)
        attention.attendToTarget(projected, layer: layer, scale: 1, bias: bias, into: context)
      }
      compute.linear(output, context, into: hidden, adding: hidden)
      compute.normaliseRootMeanSquare(sourceNormalisation, hidden, into: normed)
      compute.linear(sourceQueries, normed, into: context)
      attention.attendToSource(context, layer: layer, scale: 1, into: context)
      compute.linear(sourceOutput, context, into: hidden, adding: hidden)
    }
    feedForward.apply(to: hidden, sizes, compute)
  }
}
