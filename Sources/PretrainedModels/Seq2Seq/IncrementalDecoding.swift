internal import Tensors

/// Attention of a decoder that reads one token of each sequence at a time.
struct IncrementalDecoding: DecoderAttention {
  let compute: Compute
  let cache: KeyValueCache
  let places: CachePlaces
  /// Where each row's keys and values are to be stored.
  let lanes: [Int]
  let positions: [Int]
  /// The keys and values of the sources.
  let sources: [PackedKeyValues]
  /// The rows that see each source.
  let rows: [Range<Int>]

  var longestTarget: Int { positions.reduce(0) { max($0, $1 + 1) } }

  func attendToTarget(
    _ projected: Matrix, layer: Int, scale: Float, bias: DistanceBias?, into output: Matrix
  ) {
    let inner = output.columns
    cache.store(
      keys: projected.columns(inner..<2 * inner),
      values: projected.columns(2 * inner..<3 * inner), layer: layer, lanes: lanes,
      positions: positions)
    compute.attention(
      queries: projected.columns(0..<inner), cache: cache, layer: layer, places: places,
      scale: scale,
      bias: bias, into: output)
  }

  func attendToSource(_ queries: Matrix, layer: Int, scale: Float, into output: Matrix) {
    compute.attention(
      queries: queries, packed: sources, layer: layer, rows: rows, scale: scale, into: output)
  }
}
