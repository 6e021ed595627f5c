/// Random-looking numbers that depend on a seed and on what they are drawn for, never on order.
///
/// A draw for one pair of one example stays the same when examples are added, removed, reordered or
/// worked on in parallel, so a sample can be continued and taken again.
public struct KeyedDraw: Sendable {
  /// The seed.
  public let seed: UInt64
  private let base: SHA256

  /// Draws for one purpose.
  ///
  /// - Parameters:
  ///   - seed: the seed.
  ///   - purpose: what is drawn, so that two uses of one seed are independent.
  public init(seed: UInt64, purpose: String) {
    self.seed = seed
    var hash = SHA256()
    hash.update(field: purpose)
    hash.update(field: String(seed))
    base = hash
  }

  /// A number that is uniform over all 64-bit numbers.
  ///
  /// - Parameter key: what the number is drawn for.
  /// - Returns: the number.
  public func bits(for key: [String]) -> UInt64 {
    var hash = base
    for part in key { hash.update(field: part) }
    return hash.digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A number that is uniform in `0..<1`.
  ///
  /// - Parameter key: what the number is drawn for.
  /// - Returns: the number, a multiple of 2⁻⁵³.
  public func unit(for key: [String]) -> Double {
    Double(bits(for: key) >> 11) * 0x1p-53
  }
}
