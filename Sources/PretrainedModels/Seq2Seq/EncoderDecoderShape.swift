/// What goes into an encoder-decoder and what comes out.
public struct EncoderDecoderShape: Sendable, Equatable {
  /// Tokens are from 0 to this, exclusive.
  public var vocabularySize: Int
  /// The numbers of a hidden state.
  public var hiddenSize: Int
  /// The decoder's layers.
  public var decoderLayers: Int
  /// The heads of the decoder's attention.
  public var decoderHeads: Int
  /// The length of a head's queries, keys and values in the decoder.
  public var decoderHeadSize: Int
  /// The most tokens of a source; nil when positions are relative.
  public var sourceLimit: Int?
  /// The most tokens that the decoder reads; nil when positions are relative.
  public var targetLimit: Int?

  /// The numbers of all heads' queries.
  public var decoderInner: Int { decoderHeads * decoderHeadSize }

  /// Checks sources from outside.
  ///
  /// - Parameter sources: the tokens of each source.
  /// - Throws: ``ModelInputError`` for the first one that the encoder cannot read.
  public func check(sources: [[Int]]) throws(ModelInputError) {
    try check(sources, limit: sourceLimit)
  }

  /// Checks what the decoder is to read.
  ///
  /// - Parameter targets: the tokens of each target.
  /// - Throws: ``ModelInputError`` for the first one that the decoder cannot read.
  public func check(targets: [[Int]]) throws(ModelInputError) {
    try check(targets, limit: targetLimit)
  }

  private func check(_ sequences: [[Int]], limit: Int?) throws(ModelInputError) {
    let shape = EncoderShape(
      vocabularySize: vocabularySize, hiddenSize: hiddenSize, layerCount: 0, tokenTypeCount: 0,
      lengthLimit: limit)
    try shape.check(sequences.map { TokenSequence($0) })
  }
}
