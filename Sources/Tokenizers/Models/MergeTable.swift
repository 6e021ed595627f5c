/// Which pairs of tokens merge, in which order, and to what.
struct MergeTable: Sendable {
  /// What a pair becomes.
  struct Merge {
    /// The place in the list of merges: lower ones go first.
    let rank: UInt32
    /// The token that the pair becomes.
    let id: TokenID
  }

  private var keys: [UInt64]
  private var merges: [UInt64]
  private let shift: UInt64

  private static let empty = UInt64.max

  /// A table with room for a number of pairs.
  init(capacity: Int) {
    var bits: UInt64 = 4
    while 1 << bits < capacity * 2 { bits += 1 }
    keys = [UInt64](repeating: Self.empty, count: 1 << bits)
    merges = [UInt64](repeating: 0, count: 1 << bits)
    shift = 64 - bits
  }

  /// Sets what a pair becomes; the last word on a pair counts.
  mutating func set(_ first: TokenID, _ second: TokenID, rank: UInt32, id: TokenID) {
    let key = Self.key(first, second)
    var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while keys[slot] != Self.empty, keys[slot] != key { slot = (slot + 1) & (keys.count - 1) }
    keys[slot] = key
    merges[slot] = UInt64(rank) << 32 | UInt64(UInt32(bitPattern: id))
  }

  /// What a pair becomes, or `nil`.
  @inline(__always) subscript(first: TokenID, second: TokenID) -> Merge? {
    let key = Self.key(first, second)
    var slot = Int((key &* 0x9E37_79B9_7F4A_7C15) >> shift)
    while keys[slot] != Self.empty {
      if keys[slot] == key {
        let merge = merges[slot]
        return Merge(
          rank: UInt32(truncatingIfNeeded: merge >> 32),
          id: TokenID(truncatingIfNeeded: merge))
      }
      slot = (slot + 1) & (keys.count - 1)
    }
    return nil
  }

  private static func key(_ first: TokenID, _ second: TokenID) -> UInt64 {
    UInt64(UInt32(bitPattern: first)) << 32 | UInt64(UInt32(bitPattern: second))
  }
}
