internal import Checkpoints
internal import Foundation
internal import Tensors

/// DeBERTa v2 and v3: attention to contents and to relative positions in buckets, for v2 a
/// convolution beside the first layer.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`, `positions` of the table of relative ones.
///
/// Source: He et al., "DeBERTa: Decoding-enhanced BERT with Disentangled Attention", 2021,
/// https://arxiv.org/abs/2006.03654; "DeBERTaV3", 2021, https://arxiv.org/abs/2111.09543;
/// transformers/models/deberta_v2/modeling_deberta_v2.py@v4.46.3, `DebertaV2Model`. Differs in that
/// relative positions, which depend on weights alone, are projected once when the model is loaded.
final class DeBERTaV2: TextEncoder {
  struct Configuration: EncoderConfiguration {
    static let modelTypes = ["deberta-v2"]
    static let prefixes = ["", "deberta."]

    var shape: EncoderShape
    let common: DisentangledSettings
    /// Buckets of distances on each side; nil when every distance has a position.
    let buckets: Int?
    let sharesProjections: Bool
    let normalisesPositions: Bool
    let convolution: ConvolutionLayer.Settings?

    init(_ settings: ModelConfiguration) throws(CheckpointError) {
      common = try DisentangledSettings(settings)
      shape = common.shape
      let size = common.sizes.hidden / common.sizes.heads
      guard try settings.int("attention_head_size", default: size) == size else {
        throw settings.wrong("attention_head_size", expected: "\(size), as hidden_size demands")
      }
      let buckets = try settings.int("position_buckets", in: -1...1 << 20, default: -1)
      self.buckets = buckets < 1 ? nil : buckets
      // Distances between half the buckets and the largest one are divided by logarithms.
      guard buckets < 1 || (buckets >= 2 && common.maximumDistance - 1 > buckets / 2) else {
        throw settings.wrong(
          "position_buckets", expected: "2 to \(2 * common.maximumDistance - 3)")
      }
      sharesProjections = try settings.bool("share_att_key", default: false)
      normalisesPositions = try settings.string("norm_rel_ebd", default: "none").lowercased()
        .split(separator: "|").contains {
          $0.split(separator: " ") == ["layer_norm"]
        }
      convolution = try ConvolutionLayer.Settings(settings, epsilon: common.sizes.epsilon)
    }

    /// Rows of the table of relative positions.
    var positionCount: Int { 2 * (buckets ?? common.maximumDistance) }

    func declareWeights(in table: inout WeightTable, prefix: String) {
      DisentangledEmbeddings.declare(in: &table, prefix: prefix, common, shape)
      let hidden = shape.hiddenSize
      if common.isRelative {
        table.requireEmbedding(
          "\(prefix)encoder.rel_embeddings", entries: positionCount, size: hidden)
      }
      if normalisesPositions {
        table.requireNormalisation("\(prefix)encoder.LayerNorm", size: hidden)
      }
      if let convolution {
        ConvolutionLayer.declare(in: &table, "\(prefix)encoder.conv", convolution, size: hidden)
      }
      for layer in 0..<shape.layerCount {
        let name = "\(prefix)encoder.layer.\(layer)"
        for part in ["query_proj", "key_proj", "value_proj"] + positionProjections {
          table.requireLinear("\(name).attention.self.\(part)", inputs: hidden, outputs: hidden)
        }
        AttentionOutput.declare(in: &table, name, common.sizes)
        FeedForward.declare(in: &table, name, common.sizes)
      }
    }

    private var positionProjections: [String] {
      guard common.isRelative, !sharesProjections else { return [] }
      return (common.contentToPosition ? ["pos_key_proj"] : [])
        + (common.positionToContent ? ["pos_query_proj"] : [])
    }

    func makeEncoder(
      _ reader: WeightReader, prefix: String
    ) throws(CheckpointError) -> any TextEncoder {
      try DeBERTaV2(self, reader, prefix: prefix)
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
    /// Source: modeling_deberta_v2.py@v4.46.3, `make_log_bucket_position`, in 32-bit floats as
    /// there, since rounding decides which bucket a distance at the edge of two belongs to.
    func row(distance: Int) -> Int {
      let span = buckets ?? common.maximumDistance
      var place = distance
      if let buckets, abs(distance) > buckets / 2 {
        let middle = Float(buckets / 2)
        // The reference divides integers in 64 bits before it rounds.
        let largest = Float(Double(common.maximumDistance - 1) / Double(buckets / 2))
        let logarithm = log(Float(abs(distance)) / middle) / log(largest) * (middle - 1)
        place = Int(logarithm.rounded(.up) + middle) * distance.signum()
      }
      return min(max(place + span, 0), 2 * span - 1)
    }
  }

  let shape: EncoderShape
  let compute: Compute
  let precision: Precision
  private let configuration: Configuration
  private let embeddings: DisentangledEmbeddings
  private let convolution: ConvolutionLayer?
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
    if let settings = configuration.convolution {
      convolution = try ConvolutionLayer(reader, "\(prefix)encoder.conv", settings)
    } else {
      convolution = nil
    }
    index = RelativeIndex(reach: 512) { configuration.row(distance: $0) }

    // relative [positions, hidden]
    var relative: Tensor?
    if common.isRelative {
      relative = try reader.tensor("\(prefix)encoder.rel_embeddings.weight")
    }
    if configuration.normalisesPositions, let stored = relative {
      let norm = try reader.normalisation(
        "\(prefix)encoder.LayerNorm", epsilon: common.sizes.epsilon)
      let normalised = Tensor(shape: stored.shape)
      compute.normalise(norm, stored.matrix, into: normalised.matrix)
      relative = normalised
    }
    var layers: [DisentangledLayer] = []
    for layer in 0..<shape.layerCount {
      let name = "\(prefix)encoder.layer.\(layer)"
      let own = "\(name).attention.self"
      let shares = configuration.sharesProjections
      layers.append(
        DisentangledLayer(
          projections: try reader.linear(
            stacking: ["query_proj", "key_proj", "value_proj"].map { "\(own).\($0)" }),
          positions: try DisentangledPositions(
            reader, relative,
            keys: common.contentToPosition
              ? "\(own).\(shares ? "key_proj" : "pos_key_proj")" : nil,
            queries: common.positionToContent
              ? "\(own).\(shares ? "query_proj" : "pos_query_proj")" : nil,
            index: index, heads: common.sizes.heads),
          output: try AttentionOutput(reader, name, common.sizes),
          feedForward: try FeedForward(reader, name, common.sizes)))
    }
    self.layers = layers
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
    compute.workspace.scope {
      let convolved = layer == 0 ? convolution?.apply(to: hidden, of: batch, compute) : nil
      layers[layer].apply(
        to: hidden, lengths: batch.lengths, heads: configuration.common.sizes.heads,
        scale: configuration.common.scale, index: index, precision: precision, compute)
      if let convolved { convolution?.join(convolved, to: hidden, compute) }
    }
  }
}
