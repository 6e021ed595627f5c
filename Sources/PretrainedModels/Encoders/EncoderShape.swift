/// What goes into an encoder and what comes out.
public struct EncoderShape: Sendable, Equatable {
  /// Tokens are from 0 to this, exclusive.
  public var vocabularySize: Int
  /// The numbers of a hidden state.
  public var hiddenSize: Int
  /// The number of layers.
  public var layerCount: Int
  /// Token types are from 0 to this, exclusive; at 0 they are ignored.
  public var tokenTypeCount: Int
  /// The most tokens of a sequence; nil when positions are relative.
  public var lengthLimit: Int?

  /// Describes an encoder.
  ///
  /// - Parameters:
  ///   - vocabularySize: the number of tokens.
  ///   - hiddenSize: the numbers of a hidden state.
  ///   - layerCount: the number of layers.
  ///   - tokenTypeCount: the number of token types; 0 when they are ignored.
  ///   - lengthLimit: the most tokens of a sequence; nil when positions are relative.
  public init(
    vocabularySize: Int, hiddenSize: Int, layerCount: Int, tokenTypeCount: Int, lengthLimit: Int?
  ) {
    self.vocabularySize = vocabularySize
    self.hiddenSize = hiddenSize
    self.layerCount = layerCount
    self.tokenTypeCount = tokenTypeCount
    self.lengthLimit = lengthLimit
  }

  /// Checks sequences from outside.
  ///
  /// - Parameter sequences: what the encoder is to read.
  /// - Throws: ``ModelInputError`` for the first one that it cannot read.
  public func check(_ sequences: [TokenSequence]) throws(ModelInputError) {
    for (number, sequence) in sequences.enumerated() {
      if sequence.ids.isEmpty { throw .empty(sequence: number) }
      if let limit = lengthLimit, sequence.ids.count > limit {
        throw .tooLong(sequence: number, length: sequence.ids.count, limit: limit)
      }
      for (position, id) in sequence.ids.enumerated() where id < 0 || id >= vocabularySize {
        throw .token(
          sequence: number, position: position, id: id, vocabularySize: vocabularySize)
      }
      guard let types = sequence.typeIDs else { continue }
      if types.count != sequence.ids.count {
        throw .tokenTypeCount(
          sequence: number, got: types.count, expected: sequence.ids.count)
      }
      guard tokenTypeCount > 0 else { continue }
      for (position, type) in types.enumerated() where type < 0 || type >= tokenTypeCount {
        throw .tokenType(
          sequence: number, position: position, type: type, typeCount: tokenTypeCount)
      }
    }
  }
}
