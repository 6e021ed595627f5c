public import Tensors

/// Gives each sequence one vector: the mean of its tokens' states, of length 1.
///
/// Source: Reimers, Gurevych, "Sentence-BERT", 2019, https://arxiv.org/abs/1908.10084;
/// sentence_transformers/models/Pooling.py, `pooling_mode_mean_tokens`, and `Normalize.py`.
public struct SentenceEmbedder {
  /// The encoder.
  public let encoder: any TextEncoder

  /// Makes an embedder.
  ///
  /// - Parameter encoder: gives the states.
  public init(_ encoder: any TextEncoder) { self.encoder = encoder }

  /// Computes vectors.
  ///
  /// - Parameters:
  ///   - sequences: what to read.
  ///   - tokenBudget: the most tokens that are computed together.
  /// - Returns: a matrix `[sequences, hidden]` with a vector of length 1 in each row, in memory of its
  ///   own.
  /// - Throws: ``ModelInputError``.
  public func embed(
    _ sequences: [TokenSequence], tokenBudget: Int = EncoderDefaults.tokenBudget
  ) throws -> Matrix {
    let result = Matrix(rows: sequences.count, columns: encoder.shape.hiddenSize)
    try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
      for (place, number) in numbers.enumerated() {
        result.withMutableRow(number) { sum in
          for row in batch.rows(place) {
            hidden.withRow(row) { state in
              for column in state.indices { sum[column] += state[column] }
            }
          }
          // The mean has the direction of the sum, and only that is left.
          var squares = 0.0
          for column in sum.indices { squares += Double(sum[column]) * Double(sum[column]) }
          let length = max(squares.squareRoot(), 1e-12)
          for column in sum.indices { sum[column] = Float(Double(sum[column]) / length) }
        }
      }
    }
    return result
  }
}
