internal import Checkpoints
internal import Tensors

/// RoBERTa and XLM-R: BERT with positions that count from the padding token's id.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`.
///
/// Source: Liu et al., "RoBERTa: A Robustly Optimized BERT Pretraining Approach", 2019,
/// https://arxiv.org/abs/1907.11692; Conneau et al., 2020, https://arxiv.org/abs/1911.02116;
/// transformers/models/roberta/modeling_roberta.py@v4.46.3, `RobertaModel`.
final class RoBERTa: TextEncoder {
  struct Configuration: EncoderConfiguration {
    static let modelTypes = ["roberta", "xlm-roberta"]
    static let prefixes = ["", "roberta."]

    var shape: EncoderShape
    let sizes: TransformerLayer.Sizes
    let positions: Int
    let paddingID: Int

    init(_ settings: ModelConfiguration) throws(CheckpointError) {
      try settings.requireAbsolutePositions()
      sizes = try TransformerLayer.Sizes(settings, epsilon: 1e-12)
      positions = try settings.int("max_position_embeddings", default: 512)
      paddingID = try settings.int("pad_token_id", in: 0...1 << 30, default: 1)
      // Positions from 0 to the padding token's id are not given to tokens.
      guard paddingID + 1 < positions else {
        throw settings.wrong("pad_token_id", expected: "less than \(positions - 1)")
      }
      shape = EncoderShape(
        vocabularySize: try settings.int("vocab_size"), hiddenSize: sizes.hidden,
        layerCount: try settings.layerCount(),
        tokenTypeCount: try settings.int("type_vocab_size", default: 2),
        lengthLimit: positions - paddingID - 1)
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
      try RoBERTa(self, reader, prefix: prefix)
    }

    func classificationLayers(
      _ settings: ModelConfiguration, prefix: String
    ) throws(CheckpointError) -> ClassificationLayers? {
      ClassificationLayers(
        pooler: "classifier.dense", activation: .tanh, classifier: "classifier.out_proj")
    }

    func maskedLanguageLayers(
      _ settings: ModelConfiguration
    ) throws(CheckpointError) -> MaskedLanguageLayers? {
      // Source: modeling_roberta.py@v4.46.3, `RobertaLMHead`: GELU whatever `hidden_act` says.
      MaskedLanguageLayers(
        dense: "lm_head.dense", activation: .gelu, normalisation: "lm_head.layer_norm",
        epsilon: sizes.epsilon, bias: ["lm_head.bias", "lm_head.decoder.bias"],
        decoder: "lm_head.decoder.weight", size: sizes.hidden)
    }
  }

  let shape: EncoderShape
  let compute: Compute
  let precision: Precision
  private let paddingID: Int
  private let heads: Int
  private let embeddings: AbsoluteEmbeddings
  private let layers: [TransformerLayer]

  private init(
    _ configuration: Configuration, _ reader: WeightReader, prefix: String
  ) throws(CheckpointError) {
    shape = configuration.shape
    compute = reader.compute
    precision = reader.precision
    paddingID = configuration.paddingID
    heads = configuration.sizes.heads
    embeddings = try AbsoluteEmbeddings(
      reader, prefix: prefix, epsilon: configuration.sizes.epsilon)
    layers = try TransformerLayer.read(
      reader, prefix: prefix, count: shape.layerCount, configuration.sizes)
  }

  // -> hidden [tokens, hidden]
  func embed(_ batch: TokenBatch, into hidden: Matrix) throws(TableReadError) {
    try embeddings.apply(batch, positionIDs: positionIDs(of: batch), into: hidden, compute)
  }

  /// A padding token inside a text has position `paddingID` and is not counted.
  ///
  /// Source: modeling_roberta.py@v4.46.3, `create_position_ids_from_input_ids`.
  private func positionIDs(of batch: TokenBatch) -> [Int] {
    var last = paddingID
    return zip(batch.ids, batch.positions).map { id, position in
      if position == 0 { last = paddingID }
      guard id != paddingID else { return paddingID }
      last += 1
      return last
    }
  }

  // hidden [tokens, hidden] -> the same
  func apply(layer: Int, to hidden: Matrix, of batch: TokenBatch) {
    layers[layer].apply(
      to: hidden, lengths: batch.lengths, heads: heads, precision: precision, compute)
  }
}
