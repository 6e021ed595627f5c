/// Remembers how many pieces short words have, since few different words make up most of a text.
///
/// A hash table with open addressing. A word of up to 31 bytes is kept whole beside its length, so
/// that an answer is never that of another word.
struct WordCounts {
  /// A word: its bytes padded with zeros, the length in the last one.
  typealias Key = SIMD4<UInt64>

  /// The longest word that is remembered, in bytes.
  static let maximumBytes = 31

  private static let capacity = 1 << 17
  private var keys = [Key](repeating: .zero, count: WordCounts.capacity)
  private var values = [UInt8](repeating: 0, count: WordCounts.capacity)
  private var count = 0

  /// The key of a word.
  ///
  /// - Parameter word: 1 to ``maximumBytes`` bytes.
  /// - Returns: the key.
  static func key(_ word: UnsafeBufferPointer<UInt8>) -> Key {
    var key = Key.zero
    unsafe withUnsafeMutableBytes(of: &key) { bytes in
      unsafe bytes.copyBytes(from: word)
      unsafe bytes[31] = UInt8(word.count)
    }
    return key
  }

  /// The remembered number of a word, or what `compute` says of it.
  ///
  /// - Parameters:
  ///   - key: the word.
  ///   - compute: called for a word that is not remembered.
  /// - Returns: the number.
  mutating func value(of key: Key, compute: () throws -> Int) rethrows -> Int {
    var slot = Self.slot(of: key)
    while keys[slot] != .zero {
      if keys[slot] == key { return Int(values[slot]) }
      slot = (slot + 1) & (Self.capacity - 1)
    }
    let value = try compute()
    guard let small = UInt8(exactly: value) else { return value }
    if count > Self.capacity / 2 {
      // Sources differ in their words: starting again is better than keeping the first ones.
      self = WordCounts()
      slot = Self.slot(of: key)
    }
    keys[slot] = key
    values[slot] = small
    count += 1
    return value
  }

  private static func slot(of key: Key) -> Int {
    // Multiplication carries each word's low bits up, from where they are taken.
    var hash = key[0] &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ (hash >> 32) ^ key[1]) &* 0xD6E8_FEB8_6659_FD93
    hash = (hash ^ (hash >> 32) ^ key[2]) &* 0xA076_1D64_78BD_642F
    hash = (hash ^ (hash >> 32) ^ key[3]) &* 0xE703_7ED1_A0B4_28DB
    return Int(hash >> 40) & (capacity - 1)
  }
}
