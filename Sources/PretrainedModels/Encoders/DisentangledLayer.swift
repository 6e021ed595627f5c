internal import Checkpoints
internal import Tensors

/// One layer of DeBERTa: disentangled attention, then what BERT's layers have.
///
/// Axes: `tokens` of all sequences of a batch, `hidden`.
struct DisentangledLayer {
  /// Queries, keys and values: hidden -> 3 * hidden.
  let projections: Linear
  /// Projected relative positions; nil where scores have no such term.
  let positions: DisentangledPositions?
  let output: AttentionOutput
  let feedForward: FeedForward

  /// Computes the layer.
  ///
  /// - Parameters:
  ///   - hidden: the states before it, `[tokens, hidden]`; receives those after it.
  ///   - lengths: the tokens of each sequence.
  ///   - heads: the number of heads.
  ///   - scale: the factor of scores.
  ///   - index: the relative position of each distance.
  ///   - precision: that of the products in attention.
  ///   - compute: where it computes.
  func apply(
    to hidden: Matrix, lengths: [Int], heads: Int, scale: Float, index: RelativeIndex,
    precision: Precision, _ compute: Compute
  ) {
    let size = hidden.columns
    compute.workspace.scope {
      let projected = compute.workspace.matrix(rows: hidden.rows, columns: 3 * size)
      compute.linear(projections, hidden, into: projected)
      let queries = projected.columns(0..<size)
      let keys = projected.columns(size..<2 * size)
      let values = projected.columns(2 * size..<3 * size)
      if let positions {
        compute.disentangledAttention(
          queries: queries, keys: keys, values: values, lengths: lengths, heads: heads,
          scale: scale, positions: positions.indexed(by: index), precision: precision,
          into: queries)
      } else {
        compute.attention(
          queries: queries, keys: keys, values: values,
          segments: AttentionSegment.selfAttention(lengths: lengths), heads: heads, scale: scale,
          precision: precision, into: queries)
      }
      // The context stands where the queries were.
      output.apply(queries, to: hidden, compute)
    }
    feedForward.apply(to: hidden, compute)
  }
}
