/// What attention scores gain by the distance between key and query, for each head (T5).
public struct DistanceBias: Sendable {
  let table: Matrix
  let zero: Int

  /// Describes a bias.
  ///
  /// - Parameters:
  ///   - table: `[heads, distances]`.
  ///   - zero: the column of distance 0; that of a key at position j and a query at position i is
  ///     `zero + j - i`. The table must reach as far as the sequences.
  public init(table: Matrix, zero: Int) {
    precondition(zero >= 0 && zero < table.columns, "distance 0 in column \(zero)")
    self.table = table
    self.zero = zero
  }

  /// Stops a caller whose table is too small.
  func check(heads: Int, segments: [AttentionSegment]) {
    precondition(table.rows == heads, "a bias for \(table.rows) heads of \(heads)")
    for segment in segments where !segment.queries.isEmpty && !segment.keys.isEmpty {
      let last = segment.keys.count - 1
      precondition(
        zero >= last && zero - segment.firstQueryPosition + last < table.columns,
        "a bias by distance that does not reach \(segment.keys.count) keys")
    }
  }
}
