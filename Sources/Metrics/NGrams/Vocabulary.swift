/// Numbers words by their bytes: 0 for the first one, 1 for the next new one…
///
/// An open-addressing table. Words of up to eight bytes are compared as one integer, longer ones
/// also by their bytes, so that equal numbers always mean equal bytes.
struct Vocabulary: Sendable {
  private struct Entry {
    /// The first eight bytes, zeros after the end.
    var prefix: UInt64
    var hash: UInt64
    var length: Int
    /// The place in `arena` of a word longer than eight bytes.
    var start: Int
  }

  private var entries: [Entry] = []
  /// The number of an entry plus one; 0 is a free slot. Never more than half full.
  private var slots = [UInt32](repeating: 0, count: 256)
  /// The bytes of the words longer than eight bytes.
  private var arena: [UInt8] = []

  /// The number of words; also the number that ``find(_:_:)`` gives to words that are not here.
  var count: Int { entries.count }

  /// Forgets all words and keeps the memory.
  mutating func removeAll() {
    guard !entries.isEmpty else { return }
    entries.removeAll(keepingCapacity: true)
    arena.removeAll(keepingCapacity: true)
    if slots.count > 4_096 {
      // One huge text must not make every later small one clear a huge table.
      slots = [UInt32](repeating: 0, count: 256)
    } else {
      for index in slots.indices { slots[index] = 0 }
    }
  }

  /// The number of a word, which is added when it is new.
  ///
  /// - Parameters:
  ///   - bytes: bytes with eight readable ones after the word.
  ///   - word: the place of the word.
  /// - Returns: the number.
  mutating func intern(_ bytes: [UInt8], _ word: TokenSlice) -> UInt32 {
    let bytes = bytes.span
    let prefix = Self.prefix(bytes, word)
    let hash = Self.hash(bytes, word, prefix: prefix)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] - 1
      if matches(Int(number), bytes, word, prefix: prefix) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    let number = UInt32(entries.count)
    entries.append(Entry(prefix: prefix, hash: hash, length: word.length, start: arena.count))
    if word.length > 8 {
      for index in word.start..<word.start + word.length { arena.append(bytes[index]) }
    }
    slots[slot] = number + 1
    if entries.count * 2 > slots.count { grow() }
    return number
  }

  /// The number of a word; ``count`` when it is not here.
  ///
  /// - Parameters:
  ///   - bytes: bytes with eight readable ones after the word.
  ///   - word: the place of the word.
  /// - Returns: the number.
  func find(_ bytes: [UInt8], _ word: TokenSlice) -> UInt32 {
    let bytes = bytes.span
    let prefix = Self.prefix(bytes, word)
    let hash = Self.hash(bytes, word, prefix: prefix)
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let number = slots[slot] - 1
      if matches(Int(number), bytes, word, prefix: prefix) { return number }
      slot = (slot + 1) & (slots.count - 1)
    }
    return UInt32(entries.count)
  }

  @inline(__always)
  private func matches(
    _ number: Int, _ bytes: Span<UInt8>, _ word: TokenSlice, prefix: UInt64
  ) -> Bool {
    let entry = entries[number]
    guard entry.prefix == prefix, entry.length == word.length else { return false }
    var offset = 8
    while offset < word.length {
      if arena[entry.start + offset] != bytes[word.start + offset] { return false }
      offset += 1
    }
    return true
  }

  private mutating func grow() {
    var larger = [UInt32](repeating: 0, count: slots.count * 4)
    for (number, entry) in entries.enumerated() {
      var slot = Int(truncatingIfNeeded: entry.hash) & (larger.count - 1)
      while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
      larger[slot] = UInt32(number) + 1
    }
    slots = larger
  }

  @inline(__always)
  private static func load(_ bytes: Span<UInt8>, _ index: Int) -> UInt64 {
    // Any bit pattern is a UInt64, and the span checks its bounds.
    let word = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
    return UInt64(littleEndian: word)
  }

  @inline(__always)
  private static func prefix(_ bytes: Span<UInt8>, _ word: TokenSlice) -> UInt64 {
    let loaded = load(bytes, word.start)
    return word.length >= 8 ? loaded : loaded & ((1 << (8 * UInt64(word.length))) - 1)
  }

  @inline(__always)
  private static func hash(_ bytes: Span<UInt8>, _ word: TokenSlice, prefix: UInt64) -> UInt64 {
    var hash = Hashing.mix(prefix ^ UInt64(word.length), Hashing.multiplier)
    var offset = 8
    while offset < word.length {
      // The last step reads again bytes that were read before, never ones beyond the word.
      hash = Hashing.mix(
        hash ^ load(bytes, word.start + min(offset, word.length - 8)), Hashing.multiplier)
      offset += 8
    }
    return hash
  }
}

/// The hash function of the tables here.
enum Hashing {
  /// An odd number without pattern: the golden ratio's fraction in 64 bits.
  static let multiplier: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A number whose low bits depend on all bits of both factors.
  @inline(__always)
  static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = left.multipliedFullWidth(by: right)
    return product.high ^ product.low
  }
}
