public import Tensors

/// A transformer that reads a source and writes a target, one token after the other.
///
/// Belongs to one caller at a time, as its ``compute`` does.
public protocol EncoderDecoder: AnyObject {
  /// What goes in and what comes out.
  var shape: EncoderDecoderShape { get }
  /// Where it computes.
  var compute: Compute { get }
  /// How its linear layers are packed.
  var precision: Precision { get }

  /// Computes the encoder's states.
  ///
  /// - Parameters:
  ///   - sources: sequences that ``EncoderDecoderShape/check(sources:)`` accepts.
  ///   - states: receives `[source tokens, hidden]`.
  /// - Throws: `TableReadError` when the file of the embeddings cannot be read.
  func encode(_ sources: TokenBatch, into states: Matrix) throws(TableReadError)

  /// Computes the keys and values that a decoder's layer sees of the source.
  ///
  /// - Parameters:
  ///   - states: the encoder's, `[source tokens, hidden]`.
  ///   - layer: the decoder's layer, from 0.
  ///   - projected: receives keys and values, `[source tokens, 2 * inner]`.
  func projectSource(_ states: Matrix, layer: Int, into projected: Matrix)

  /// Computes the decoder's embeddings.
  ///
  /// - Parameters:
  ///   - ids: the target's tokens.
  ///   - positions: the position of each token in its sequence.
  ///   - hidden: receives `[target tokens, hidden]`.
  /// - Throws: `TableReadError` when the file of the embeddings cannot be read.
  func embedTarget(
    _ ids: [Int], positions: [Int], into hidden: Matrix
  ) throws(TableReadError)

  /// Computes one of the decoder's layers.
  ///
  /// - Parameters:
  ///   - layer: its number, from 0.
  ///   - hidden: the states before it, `[target tokens, hidden]`; receives those after it.
  ///   - attention: gives keys and values.
  func applyDecoder(layer: Int, to hidden: Matrix, attention: any DecoderAttention)

  /// Computes the scores of the next tokens.
  ///
  /// - Parameters:
  ///   - hidden: the states after the last layer, `[target tokens, hidden]`; they are overwritten.
  ///   - logits: receives `[target tokens, vocabulary]`.
  func project(_ hidden: Matrix, into logits: Matrix)
}
