internal import Checkpoints
internal import Tensors

/// RemBERT and BLEURT: BERT whose embeddings are narrower than its hidden states.
///
/// BLEURT's smaller models have no `embedding_size`: they are BERT under another name.
///
/// Axes: `tokens` of all sequences of a batch, `embedding`, `hidden`.
///
/// Source: Chung et al., "Rethinking Embedding Coupling in Pre-trained Language Models", 2021,
/// https://arxiv.org/abs/2010.12821; transformers/models/rembert/modeling_rembert.py@v4.46.3,
/// `RemBertModel`; bleurt_pytorch/bleurt/modeling_bleurt.py@ae32bfe, `BleurtModel`.
final class RemBERT: TextEncoder {
  struct Configuration: EncoderConfiguration {
    static let modelTypes = ["rembert", "bleurt"]
    static let prefixes = ["", "rembert.", "bleurt."]

    var shape: EncoderShape
    let sizes: TransformerLayer.Sizes
    let positions: Int
    /// The numbers of an embedding.
    let embedding: Int
    let isProjected: Bool

    init(_ settings: ModelConfiguration) throws(CheckpointError) {
      try settings.requireAbsolutePositions()
      sizes = try TransformerLayer.Sizes(settings, epsilon: 1e-12)
      positions = try settings.int("max_position_embeddings", default: 512)
      if try settings.string("model_type") == "bleurt" {
        isProjected = settings.contains("embedding_size")
        embedding = try settings.int("embedding_size", default: sizes.hidden)
      } else {
        isProjected = true
        embedding = try settings.int("input_embedding_size", default: 256)
      }
      shape = EncoderShape(
        vocabularySize: try settings.int("vocab_size"), hiddenSize: sizes.hidden,
        layerCount: try settings.layerCount(),
        tokenTypeCount: try settings.int("type_vocab_size", default: 2), lengthLimit: positions)
    }

    func declareWeights(in table: inout WeightTable, prefix: String) {
      AbsoluteEmbeddings.declare(
        in: &table, prefix: prefix, shape, positions: positions, size: embedding)
      if isProjected {
        let rembert = "\(prefix)encoder.embedding_hidden_mapping_in"
        let bleurt = "\(prefix)encoder.embedding_projection"
        table.require(
          "\(rembert).weight", aliases: ["\(bleurt).weight"], shape: [sizes.hidden, embedding])
        table.require("\(rembert).bias", aliases: ["\(bleurt).bias"], shape: [sizes.hidden])
      }
      for layer in 0..<shape.layerCount {
        TransformerLayer.declare(in: &table, "\(prefix)encoder.layer.\(layer)", sizes)
      }
      table.ignore(prefix: "\(prefix)pooler.")
    }

    func makeEncoder(
      _ reader: WeightReader, prefix: String
    ) throws(CheckpointError) -> any TextEncoder {
      try RemBERT(self, reader, prefix: prefix)
    }

    func classificationLayers(
      _ settings: ModelConfiguration, prefix: String
    ) throws(CheckpointError) -> ClassificationLayers? {
      ClassificationLayers(
        pooler: "\(prefix)pooler.dense", activation: .tanh, classifier: "classifier")
    }
  }

  let shape: EncoderShape
  let compute: Compute
  let precision: Precision
  private let heads: Int
  private let embedding: Int
  private let embeddings: AbsoluteEmbeddings
  /// embedding -> hidden
  private let projection: Linear?
  private let layers: [TransformerLayer]

  private init(
    _ configuration: Configuration, _ reader: WeightReader, prefix: String
  ) throws(CheckpointError) {
    shape = configuration.shape
    compute = reader.compute
    precision = reader.precision
    heads = configuration.sizes.heads
    embedding = configuration.embedding
    embeddings = try AbsoluteEmbeddings(
      reader, prefix: prefix, epsilon: configuration.sizes.epsilon)
    projection =
      configuration.isProjected
      ? try reader.linear("\(prefix)encoder.embedding_hidden_mapping_in") : nil
    layers = try TransformerLayer.read(
      reader, prefix: prefix, count: shape.layerCount, configuration.sizes)
  }

  // [tokens, embedding] -> hidden [tokens, hidden]
  func embed(_ batch: TokenBatch, into hidden: Matrix) throws(TableReadError) {
    guard let projection else {
      return try embeddings.apply(batch, positionIDs: batch.positions, into: hidden, compute)
    }
    try compute.workspace.scope { () throws(TableReadError) in
      let narrow = compute.workspace.matrix(rows: batch.count, columns: embedding)
      try embeddings.apply(batch, positionIDs: batch.positions, into: narrow, compute)
      compute.linear(projection, narrow, into: hidden)
    }
  }

  // hidden [tokens, hidden] -> the same
  func apply(layer: Int, to hidden: Matrix, of batch: TokenBatch) {
    layers[layer].apply(
      to: hidden, lengths: batch.lengths, heads: heads, precision: precision, compute)
  }
}
