/// Sequences that are computed together, one after the other without padding.
///
/// Token-level layers see the rows `[tokens, hidden]` of all sequences; attention sees each sequence
/// by itself.
public struct TokenBatch: Sendable, Equatable {
  /// The tokens of all sequences.
  public let ids: [Int]
  /// The type of each token.
  public let typeIDs: [Int]
  /// The position of each token in its sequence.
  public let positions: [Int]
  /// The number of tokens of each sequence.
  public let lengths: [Int]
  /// The row of the first token of each sequence.
  public let starts: [Int]

  /// Joins sequences.
  ///
  /// - Parameter sequences: the sequences; those with types have one for each token.
  public init(_ sequences: [TokenSequence]) {
    let count = sequences.reduce(0) { $0 + $1.ids.count }
    var ids: [Int] = []
    var typeIDs: [Int] = []
    var positions: [Int] = []
    var starts: [Int] = []
    ids.reserveCapacity(count)
    typeIDs.reserveCapacity(count)
    positions.reserveCapacity(count)
    for sequence in sequences {
      starts.append(ids.count)
      ids += sequence.ids
      typeIDs += sequence.typeIDs ?? [Int](repeating: 0, count: sequence.ids.count)
      positions += sequence.ids.indices
    }
    precondition(
      typeIDs.count == ids.count, "\(typeIDs.count) token types for \(ids.count) tokens")
    self.ids = ids
    self.typeIDs = typeIDs
    self.positions = positions
    lengths = sequences.map(\.ids.count)
    self.starts = starts
  }

  /// The number of tokens.
  public var count: Int { ids.count }

  /// The rows of a sequence.
  ///
  /// - Parameter sequence: its number in the batch.
  /// - Returns: the rows of its tokens.
  public func rows(_ sequence: Int) -> Range<Int> {
    starts[sequence]..<starts[sequence] + lengths[sequence]
  }
}
