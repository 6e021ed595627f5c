internal import Checkpoints
internal import Tensors

/// DeBERTa, the first version: attention to contents and to relative positions, each distance for
/// itself up to the largest one.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`, `positions` of the table of relative ones.
///
/// Source: He et al., "DeBERTa: Decoding-enhanced BERT with Disentangled Attention", 2021,
/// https://arxiv.org/abs/2006.03654; transformers/models/deberta/modeling_deberta.py@v4.46.3,
/// `DebertaModel`. Differs in that relative positions are projected once, when the model is loaded.
final class DeBERTa: TextEncoder {
  struct Configuration: EncoderConfiguration {
    static let modelTypes = ["deberta"]
    static let prefixes = ["", "deberta."]

    var shape: EncoderShape
    let common: DisentangledSettings

    init(_ settings: ModelConfiguration) throws(CheckpointError) {
      common = try DisentangledSettings(settings)
      shape = common.shape
      guard try !settings.bool("talking_head", default: false) else {
        throw settings.wrong("talking_head", expected: "false")
      }
    }

    func declareWeights(in table: inout WeightTable, prefix: String) {
      DisentangledEmbeddings.declare(in: &table, prefix: prefix, common, shape)
      let hidden = shape.hiddenSize
      if common.isRelative {
        table.requireEmbedding(
          "\(prefix)encoder.rel_embeddings", entries: 2 * common.maximumDistance, size: hidden)
      }
      for layer in 0..<shape.layerCount {
        let name = "\(prefix)encoder.layer.\(layer)"
        let own = "\(name).attention.self"
        table.requireLinear(
          "\(own).in_proj", inputs: hidden, outputs: 3 * hidden, hasBias: false)
        table.require("\(own).q_bias", shape: [hidden])
        table.require("\(own).v_bias", shape: [hidden])
        if common.isRelative, common.contentToPosition {
          table.requireLinear("\(own).pos_proj", inputs: hidden, outputs: hidden, hasBias: false)
        }
        if common.isRelative, common.positionToContent {
          table.requireLinear("\(own).pos_q_proj", inputs: hidden, outputs: hidden)
        }
        AttentionOutput.declare(in: &table, name, common.sizes)
        FeedForward.declare(in: &table, name, common.sizes)
      }
    }

    func makeEncoder(
      _ reader: WeightReader, prefix: String
    ) throws(CheckpointError) -> any TextEncoder {
      try DeBERTa(self, reader, prefix: prefix)
    }

    func classificationLayers(
      _ settings: ModelConfiguration, prefix: String
    ) throws(CheckpointError) -> ClassificationLayers? {
      try common.classificationLayers(settings)
    }

    func maskedLanguageLayers(
      _ settings: ModelConfiguration
    ) throws(CheckpointError) -> MaskedLanguageLayers? {
      .predictions(
        activation: common.sizes.activation, epsilon: common.sizes.epsilon, size: common.embedding)
    }

    /// The row of the table for the distance query position - key position.
    ///
    /// Source: modeling_deberta.py@v4.46.3, `disentangled_att_bias`. There a window of the table as
    /// long as the sequence is cut out first, which comes to the same rows.
    func row(distance: Int) -> Int {
      min(max(distance + common.maximumDistance, 0), 2 * common.maximumDistance - 1)
    }
  }

  let shape: EncoderShape
  let compute: Compute
  let precision: Precision
  private let configuration: Configuration
  private let embeddings: DisentangledEmbeddings
  private let layers: [DisentangledLayer]
  private var index: RelativeIndex

  private init(
    _ configuration: Configuration, _ reader: WeightReader, prefix: String
  ) throws(CheckpointError) {
    self.configuration = configuration
    let common = configuration.common
    shape = configuration.shape
    compute = reader.compute
    precision = reader.precision
    embeddings = try DisentangledEmbeddings(reader, prefix: prefix, common, shape)
    index = RelativeIndex(reach: 512) { configuration.row(distance: $0) }
    // [positions, hidden]
    let relative =
      common.isRelative ? try reader.tensor("\(prefix)encoder.rel_embeddings.weight") : nil
    var layers: [DisentangledLayer] = []
    for layer in 0..<shape.layerCount {
      let name = "\(prefix)encoder.layer.\(layer)"
      let own = "\(name).attention.self"
      layers.append(
        DisentangledLayer(
          projections: try Self.projections(reader, own, heads: common.sizes.heads),
          positions: try DisentangledPositions(
            reader, relative,
            keys: common.contentToPosition ? "\(own).pos_proj" : nil,
            queries: common.positionToContent ? "\(own).pos_q_proj" : nil, index: index,
            heads: common.sizes.heads),
          output: try AttentionOutput(reader, name, common.sizes),
          feedForward: try FeedForward(reader, name, common.sizes)))
    }
    self.layers = layers
  }

  /// The file has query, key and value of each head together; here all queries come first, then all
  /// keys, then all values. Keys have no bias.
  private static func projections(
    _ reader: WeightReader, _ name: String, heads: Int
  ) throws(CheckpointError) -> Linear {
    // [heads * 3 * headSize, hidden]
    let stored = try reader.tensor("\(name).in_proj.weight").matrix
    let hidden = stored.columns
    let size = hidden / heads
    let weight = Matrix(rows: 3 * hidden, columns: hidden)
    for part in 0..<3 {
      for head in 0..<heads {
        let first = (head * 3 + part) * size
        reader.compute.copy(
          stored.rows(first..<first + size),
          into: weight.rows(part * hidden + head * size..<part * hidden + (head + 1) * size))
      }
    }
    let bias =
      try reader.tensor("\(name).q_bias").elements
      + [Float](repeating: 0, count: hidden) + reader.tensor("\(name).v_bias").elements
    return reader.pack(weight, bias: Tensor(shape: [3 * hidden], elements: bias))
  }

  // -> hidden [tokens, hidden]
  func embed(_ batch: TokenBatch, into hidden: Matrix) throws(TableReadError) {
    try embeddings.apply(batch, into: hidden, compute)
  }

  // hidden [tokens, hidden] -> the same
  func apply(layer: Int, to hidden: Matrix, of batch: TokenBatch) {
    let longest = batch.lengths.max() ?? 0
    if longest > index.reach {
      index = RelativeIndex(reach: max(longest, 2 * index.reach)) { [configuration] in
        configuration.row(distance: $0)
      }
    }
    layers[layer].apply(
      to: hidden, lengths: batch.lengths, heads: configuration.common.sizes.heads,
      scale: configuration.common.scale, index: index, precision: precision, compute)
  }
}
