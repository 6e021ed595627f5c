/// One sequence of a ragged batch: which rows ask, and which rows they see.
public struct AttentionSegment: Sendable, Equatable {
  /// The rows of the queries.
  public var queries: Range<Int>
  /// The rows of the keys and values.
  public var keys: Range<Int>

  /// Describes one sequence.
  ///
  /// - Parameters:
  ///   - queries: the rows of the queries.
  ///   - keys: the rows of the keys and values.
  public init(queries: Range<Int>, keys: Range<Int>) {
    self.queries = queries
    self.keys = keys
  }

  /// The segments of sequences that follow each other and see themselves.
  ///
  /// - Parameter lengths: the tokens of each sequence.
  /// - Returns: one segment for each sequence.
  public static func selfAttention(lengths: [Int]) -> [AttentionSegment] {
    var start = 0
    return lengths.map { length in
      defer { start += length }
      return AttentionSegment(queries: start..<start + length, keys: start..<start + length)
    }
  }

  /// Query `i` of the segment stands at this position plus `i` among the keys, where positions
  /// matter: the last query at the last key.
  var firstQueryPosition: Int { keys.count - queries.count }
}
