internal import Checkpoints
internal import Tensors

/// The embeddings of BERT, RoBERTa and RemBERT: normalised sums of a word's, a type's and a
/// position's.
///
/// Source: transformers/models/bert/modeling_bert.py@v4.46.3, `BertEmbeddings`.
struct AbsoluteEmbeddings {
  /// `[vocabulary, size]`, `[types, size]`, `[positions, size]`
  let words: EmbeddingTable
  let types: Tensor
  let positions: Tensor
  let normalisation: Normalisation

  static func declare(
    in table: inout WeightTable, prefix: String, _ shape: EncoderShape, positions: Int, size: Int
  ) {
    let name = "\(prefix)embeddings"
    table.requireEmbedding("\(name).word_embeddings", entries: shape.vocabularySize, size: size)
    table.requireEmbedding("\(name).position_embeddings", entries: positions, size: size)
    table.requireEmbedding(
      "\(name).token_type_embeddings", entries: shape.tokenTypeCount, size: size)
    table.requireNormalisation("\(name).LayerNorm", size: size)
    table.ignore("\(name).position_ids")
  }

  init(
    _ reader: WeightReader, prefix: String, epsilon: Float
  ) throws(CheckpointError) {
    let name = "\(prefix)embeddings"
    words = try reader.embedding("\(name).word_embeddings")
    types = try reader.tensor("\(name).token_type_embeddings.weight")
    positions = try reader.tensor("\(name).position_embeddings.weight")
    normalisation = try reader.normalisation("\(name).LayerNorm", epsilon: epsilon)
  }

  /// output `[tokens, size]` = norm(word + type + position).
  func apply(
    _ batch: TokenBatch, positionIDs: [Int], into output: Matrix, _ compute: Compute
  ) throws(TableReadError) {
    try compute.gather(words, rows: batch.ids, into: output)
    compute.addGathered(types.matrix, rows: batch.typeIDs, to: output)
    compute.addGathered(positions.matrix, rows: positionIDs, to: output)
    compute.normalise(normalisation, output, into: output)
  }
}
