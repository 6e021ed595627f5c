/// The relative-position terms of disentangled attention (DeBERTa), which depend on weights alone.
public struct DisentangledPositions: Sendable {
  /// Projected keys of the relative positions, `[positions, heads * headSize]`; nil without c2p.
  let keys: Matrix?
  /// Projected queries of the relative positions, `[positions, heads * headSize]`; nil without p2c.
  let queries: Matrix?
  let keyIndex: RelativeIndex
  let queryIndex: RelativeIndex

  /// Describes the terms.
  ///
  /// The score of query position i and key position j gains
  /// `query[i] · keys[keyIndex(i - j)] + key[j] · queries[queryIndex(i - j)]` before scaling.
  ///
  /// - Parameters:
  ///   - keys: projected keys of the relative positions, `[positions, heads * headSize]`, for content
  ///     to position; nil without that term.
  ///   - queries: projected queries of the relative positions, the same shape, for position to
  ///     content; nil without that term.
  ///   - keyIndex: the row of `keys` by distance i - j.
  ///   - queryIndex: the row of `queries` by distance i - j.
  public init(
    keys: Matrix?, queries: Matrix?, keyIndex: RelativeIndex, queryIndex: RelativeIndex
  ) {
    if let keys {
      precondition(
        keyIndex.rows <= keys.rows, "\(keys.rows) relative positions, index \(keyIndex.rows)")
    }
    if let queries {
      precondition(
        queryIndex.rows <= queries.rows,
        "\(queries.rows) relative positions, index \(queryIndex.rows)")
    }
    self.keys = keys
    self.queries = queries
    self.keyIndex = keyIndex
    self.queryIndex = queryIndex
  }
}
