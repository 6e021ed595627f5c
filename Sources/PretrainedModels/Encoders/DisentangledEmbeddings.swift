internal import Checkpoints
internal import Tensors

/// The embeddings of DeBERTa: positions and types only where the settings have them, a projection
/// where embeddings are narrower than hidden states, normalisation last.
///
/// Source: transformers/models/deberta_v2/modeling_deberta_v2.py@v4.46.3, `DebertaV2Embeddings`.
struct DisentangledEmbeddings {
  /// `[vocabulary, embedding]`, `[positions, embedding]`, `[types, embedding]`
  private let words: EmbeddingTable
  private let positions: Tensor?
  private let types: Tensor?
  /// embedding -> hidden
  private let projection: Linear?
  private let normalisation: Normalisation

  static func declare(
    in table: inout WeightTable, prefix: String, _ settings: DisentangledSettings,
    _ shape: EncoderShape
  ) {
    let name = "\(prefix)embeddings"
    let size = settings.embedding
    table.requireEmbedding("\(name).word_embeddings", entries: shape.vocabularySize, size: size)
    if let positions = settings.positions {
      table.requireEmbedding("\(name).position_embeddings", entries: positions, size: size)
    } else {
      // DeBERTa-v3's files have them: its training added them before the prediction.
      table.ignore("\(name).position_embeddings.weight")
    }
    if shape.tokenTypeCount > 0 {
      table.requireEmbedding(
        "\(name).token_type_embeddings", entries: shape.tokenTypeCount, size: size)
    }
    if size != shape.hiddenSize {
      table.requireLinear(
        "\(name).embed_proj", inputs: size, outputs: shape.hiddenSize, hasBias: false)
    }
    table.requireNormalisation("\(name).LayerNorm", size: shape.hiddenSize)
    table.ignore("\(name).position_ids")
  }

  init(
    _ reader: WeightReader, prefix: String, _ settings: DisentangledSettings, _ shape: EncoderShape
  ) throws(CheckpointError) {
    let name = "\(prefix)embeddings"
    words = try reader.embedding("\(name).word_embeddings")
    positions =
      settings.positions == nil ? nil : try reader.tensor("\(name).position_embeddings.weight")
    types =
      shape.tokenTypeCount == 0 ? nil : try reader.tensor("\(name).token_type_embeddings.weight")
    projection =
      settings.embedding == shape.hiddenSize ? nil : try reader.linear("\(name).embed_proj")
    normalisation = try reader.normalisation("\(name).LayerNorm", epsilon: settings.sizes.epsilon)
  }

  /// hidden `[tokens, hidden]` = norm(projection(word + position + type)), the sum
  /// `[tokens, embedding]`.
  func apply(
    _ batch: TokenBatch, into hidden: Matrix, _ compute: Compute
  ) throws(TableReadError) {
    try compute.workspace.scope { () throws(TableReadError) in
      let sum =
        projection == nil
        ? hidden : compute.workspace.matrix(rows: batch.count, columns: words.columns)
      try compute.gather(words, rows: batch.ids, into: sum)
      if let positions {
        compute.addGathered(positions.matrix, rows: batch.positions, to: sum)
      }
      if let types { compute.addGathered(types.matrix, rows: batch.typeIDs, to: sum) }
      if let projection { compute.linear(projection, sum, into: hidden) }
      compute.normalise(normalisation, hidden, into: hidden)
    }
  }
}
