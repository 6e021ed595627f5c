internal import Checkpoints
internal import Tensors

/// BERT: absolute positions, token types, normalisation after each part of a layer.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`.
///
/// Source: Devlin et al., "BERT: Pre-training of Deep Bidirectional Transformers", 2019,
/// https://arxiv.org/abs/1810.04805; transformers/models/bert/modeling_bert.py@v4.46.3, `BertModel`.
final class BERT: TextEncoder {
  struct Configuration: EncoderConfiguration {
    static let modelTypes = ["bert"]
    static let prefixes = ["", "bert."]

    var shape: EncoderShape
    let sizes: TransformerLayer.Sizes
    let positions: Int

    init(_ settings: ModelConfiguration) throws(CheckpointError) {
      try settings.requireAbsolutePositions()
      sizes = try TransformerLayer.Sizes(settings, epsilon: 1e-12)
      positions = try settings.int("max_position_embeddings", default: 512)
      shape = EncoderShape(
        vocabularySize: try settings.int("vocab_size"), hiddenSize: sizes.hidden,
        layerCount: try settings.layerCount(),
        tokenTypeCount: try settings.int("type_vocab_size", default: 2), lengthLimit: positions)
    }

    func declareWeights(in table: inout WeightTable, prefix: String) {
      AbsoluteEmbeddings.declare(
        in: &table, prefix: prefix, shape, positions: positions, size: sizes.hidden)
      for layer in 0..<shape.layerCount {
        TransformerLayer.declare(in: &table, "\(prefix)encoder.layer.\(layer)", sizes)
      }
      table.ignore(prefix: "\(prefix)pooler.")
    }

    func makeEncoder(
      _ reader: WeightReader, prefix: String
    ) throws(CheckpointError) -> any TextEncoder {
      try BERT(self, reader, prefix: prefix)
    }

    func classificationLayers(
      _ settings: ModelConfiguration, prefix: String
    ) throws(CheckpointError) -> ClassificationLayers? {
      ClassificationLayers(
        pooler: "\(prefix)pooler.dense", activation: .tanh, classifier: "classifier")
    }

    func maskedLanguageLayers(
      _ settings: ModelConfiguration
    ) throws(CheckpointError) -> MaskedLanguageLayers? {
      .predictions(activation: sizes.activation, epsilon: sizes.epsilon, size: sizes.hidden)
    }
  }

  let shape: EncoderShape
  let compute: Compute
  let precision: Precision
  private let heads: Int
  private let embeddings: AbsoluteEmbeddings
  private let layers: [TransformerLayer]

  private init(
    _ configuration: Configuration, _ reader: WeightReader, prefix: String
  ) throws(CheckpointError) {
    shape = configuration.shape
    compute = reader.compute
    precision = reader.precision
    heads = configuration.sizes.heads
    embeddings = try AbsoluteEmbeddings(
      reader, prefix: prefix, epsilon: configuration.sizes.epsilon)
    layers = try TransformerLayer.read(
      reader, prefix: prefix, count: shape.layerCount, configuration.sizes)
  }

  // -> hidden [tokens, hidden]
  func embed(_ batch: TokenBatch, into hidden: Matrix) throws(TableReadError) {
    try embeddings.apply(batch, positionIDs: batch.positions, into: hidden, compute)
  }

  // hidden [tokens, hidden] -> the same
  func apply(layer: Int, to hidden: Matrix, of batch: TokenBatch) {
    layers[layer].apply(
      to: hidden, lengths: batch.lengths, heads: heads, precision: precision, compute)
  }
}
