internal import Synchronization

/// The relative-position terms of disentangled attention (DeBERTa), which depend on weights alone.
///
/// Prepared once for a model and used by every call: they are packed for the products when they are
/// made, or, where heads and precision are not given, when they are first used.
public struct DisentangledPositions: Sendable {
  let keys: Term?
  let queries: Term?
  private(set) var keyIndex: RelativeIndex
  private(set) var queryIndex: RelativeIndex

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
    self.keys = keys.map { Term($0) }
    self.queries = queries.map { Term($0) }
    self.keyIndex = keyIndex
    self.queryIndex = queryIndex
    check()
  }

  /// Describes the terms and packs them, so that the matrices need not be kept.
  ///
  /// - Parameters:
  ///   - keys: as without `heads` and `precision`.
  ///   - queries: as without `heads` and `precision`.
  ///   - keyIndex: the row of `keys` by distance i - j.
  ///   - queryIndex: the row of `queries` by distance i - j.
  ///   - heads: the number of heads.
  ///   - precision: that of ``Compute/disentangledAttention(queries:keys:values:lengths:heads:scale:positions:precision:into:)``.
  ///   - compute: where the terms will be used.
  public init(
    keys: Matrix?, queries: Matrix?, keyIndex: RelativeIndex, queryIndex: RelativeIndex,
    heads: Int, precision: Precision, for compute: Compute
  ) {
    let isBFloat16 = compute.usesBFloat16(precision)
    self.keys = keys.map { Term($0, heads: heads, isBFloat16: isBFloat16) }
    self.queries = queries.map { Term($0, heads: heads, isBFloat16: isBFloat16) }
    self.keyIndex = keyIndex
    self.queryIndex = queryIndex
    check()
  }

  /// The same terms with another index, such as one that reaches further.
  ///
  /// - Parameter index: the row of both terms by distance i - j.
  /// - Returns: terms that share the packed tables.
  public func indexed(by index: RelativeIndex) -> DisentangledPositions {
    var copy = self
    copy.keyIndex = index
    copy.queryIndex = index
    copy.check()
    return copy
  }

  private func check() {
    for (term, index) in [(keys, keyIndex), (queries, queryIndex)] {
      guard let term else { continue }
      precondition(
        index.rows <= term.positions, "\(term.positions) relative positions, index \(index.rows)")
    }
  }

  /// One table of projected positions, as it came and packed.
  final class Term: Sendable {
    let positions: Int
    let columns: Int
    /// Nil when the table was packed for good.
    private let table: Matrix?
    private let packed: Mutex<PackedPositions?>

    init(_ table: Matrix) {
      positions = table.rows
      columns = table.columns
      self.table = table
      packed = Mutex(nil)
    }

    init(_ table: Matrix, heads: Int, isBFloat16: Bool) {
      positions = table.rows
      columns = table.columns
      self.table = nil
      packed = Mutex(PackedPositions(table, heads: heads, isBFloat16: isBFloat16))
    }

    /// The table packed for some use.
    func packed(heads: Int, isBFloat16: Bool) -> PackedPositions {
      packed.withLock { packed in
        if let packed, packed.heads == heads, packed.isBFloat16 == isBFloat16 { return packed }
        guard let table else {
          preconditionFailure("relative positions were packed for other heads or another precision")
        }
        let made = PackedPositions(table, heads: heads, isBFloat16: isBFloat16)
        packed = made
        return made
      }
    }
  }
}
