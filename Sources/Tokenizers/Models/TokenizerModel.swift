/// What turns a piece of a text into ids.
enum TokenizerModel: Sendable {
  case wordPiece(WordPieceModel)
  case bpe(BPEModel)
  case unigram(UnigramModel)
  case wordLevel(WordLevelModel)

  /// Appends the ids of a piece.
  ///
  /// - Parameters:
  ///   - piece: valid UTF-8, not empty.
  ///   - memory: memory that is used again.
  ///   - ids: receives the ids.
  /// - Throws: ``TokenizerError/unknownToken(text:reason:)``.
  func append(
    _ piece: ByteView, _ memory: inout EncodingMemory, to ids: inout [TokenID]
  ) throws(TokenizerError) {
    switch self {
    case .wordPiece(let model): try model.append(piece, to: &ids)
    case .bpe(let model): try model.append(piece, &memory.symbols, to: &ids)
    case .unigram(let model): try model.append(piece, &memory.lattice, to: &ids)
    case .wordLevel(let model): try model.append(piece, to: &ids)
    }
  }
}
