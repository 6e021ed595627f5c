/// Remembers the ids of short pieces, since few different words make up most of a text.
///
/// A hash table with open addressing; a piece is kept whole, so that an answer is never that of
/// another one.
struct WordCache {
  /// The longest piece that is remembered, in bytes.
  static let maximumBytes = 64

  private static let maximumEntries = 1 << 17

  private struct Entry {
    var hash: UInt64 = 0
    var keyStart: UInt32 = 0
    var idStart: UInt32 = 0
    var keyCount: UInt8 = 0
    var idCount: UInt8 = 0
  }

  private var entries = [Entry](repeating: Entry(), count: 1 << 10)
  private var keys: [UInt8] = []
  private var ids: [TokenID] = []
  private var count = 0

  /// Appends the remembered ids of a piece.
  ///
  /// - Parameters:
  ///   - piece: 1 to ``maximumBytes`` bytes.
  ///   - hash: the hash of the piece.
  ///   - result: receives the ids.
  /// - Returns: whether the piece was remembered.
  @inline(__always) func append(
    _ piece: ByteView, hash: UInt64, to result: inout [TokenID]
  ) -> Bool {
    var slot = Int(truncatingIfNeeded: hash) & (entries.count - 1)
    while true {
      let entry = entries[slot]
      if entry.keyCount == 0 { return false }
      if entry.hash == hash, Int(entry.keyCount) == piece.count {
        let start = Int(entry.keyStart)
        let isSame = keys.withView { $0[start..<(start + piece.count)].equals(piece) }
        if isSame {
          let first = Int(entry.idStart)
          if entry.idCount == 1 {
            result.append(ids[first])
          } else {
            result.append(contentsOf: ids[first..<(first + Int(entry.idCount))])
          }
          return true
        }
      }
      slot = (slot + 1) & (entries.count - 1)
    }
  }

  /// Remembers the ids of a piece that is not remembered yet.
  mutating func insert(_ piece: ByteView, hash: UInt64, ids newIDs: ArraySlice<TokenID>) {
    guard newIDs.count <= UInt8.max else { return }
    if count == Self.maximumEntries {
      // Sources differ in their words: starting again is better than keeping the first ones.
      self = WordCache()
    }
    if (count + 1) * 2 > entries.count { grow() }
    let entry = Entry(
      hash: hash, keyStart: UInt32(keys.count), idStart: UInt32(ids.count),
      keyCount: UInt8(piece.count), idCount: UInt8(newIDs.count))
    unsafe keys.append(contentsOf: piece.buffer)
    ids += newIDs
    place(entry)
    count += 1
  }

  private mutating func place(_ entry: Entry) {
    var slot = Int(truncatingIfNeeded: entry.hash) & (entries.count - 1)
    while entries[slot].keyCount != 0 { slot = (slot + 1) & (entries.count - 1) }
    entries[slot] = entry
  }

  private mutating func grow() {
    let old = entries
    entries = [Entry](repeating: Entry(), count: old.count * 2)
    for entry in old where entry.keyCount != 0 { place(entry) }
  }
}
