/// The generator MT19937 with 32-bit output, on which Python's generator stands.
///
/// Source: Matsumoto and Nishimura, "Mersenne Twister", ACM TOMACS 8(1), 1998,
/// doi:10.1145/272991.272995; initialisation as in their `mt19937ar`.
package struct MersenneTwister: Sendable {
  private static let size = 624
  private static let middle = 397

  private var state: [UInt32]
  private var position = MersenneTwister.size

  /// A generator started from one 32-bit word.
  ///
  /// - Parameter seed: the seed; every value is allowed.
  package init(seed: UInt32) {
    state = [UInt32](repeating: 0, count: Self.size)
    state[0] = seed
    for index in 1..<Self.size {
      let previous = state[index - 1]
      state[index] = 1_812_433_253 &* (previous ^ (previous >> 30)) &+ UInt32(index)
    }
  }

  /// A generator started from a key of any length.
  ///
  /// - Parameter key: the seed's 32-bit words, least significant first; an empty key counts as `[0]`.
  package init(key: [UInt32]) {
    self.init(seed: 19_650_218)
    let key = key.isEmpty ? [0] : key
    var index = 1
    var keyIndex = 0
    for _ in 0..<max(Self.size, key.count) {
      let previous = state[index - 1]
      state[index] =
        (state[index] ^ ((previous ^ (previous >> 30)) &* 1_664_525))
        &+ key[keyIndex] &+ UInt32(keyIndex)
      index = advance(index)
      keyIndex = keyIndex + 1 == key.count ? 0 : keyIndex + 1
    }
    for _ in 0..<(Self.size - 1) {
      let previous = state[index - 1]
      state[index] =
        (state[index] ^ ((previous ^ (previous >> 30)) &* 1_566_083_941)) &- UInt32(index)
      index = advance(index)
    }
    state[0] = 0x8000_0000
  }

  /// The index after `index`; at the end of the state the last word is carried to the front.
  private mutating func advance(_ index: Int) -> Int {
    guard index + 1 == Self.size else { return index + 1 }
    state[0] = state[Self.size - 1]
    return 1
  }

  /// The next 32 bits.
  ///
  /// - Returns: a number that is uniform over all 32-bit words.
  package mutating func nextWord() -> UInt32 {
    if position == Self.size {
      twist()
      position = 0
    }
    var word = state[position]
    position += 1
    word ^= word >> 11
    word ^= (word << 7) & 0x9D2C_5680
    word ^= (word << 15) & 0xEFC6_0000
    return word ^ (word >> 18)
  }

  private mutating func twist() {
    for index in 0..<Self.size {
      let next = state[index + 1 == Self.size ? 0 : index + 1]
      let mixed = (state[index] & 0x8000_0000) | (next & 0x7FFF_FFFF)
      let far = index + Self.middle
      let other = state[far < Self.size ? far : far - Self.size]
      state[index] = other ^ (mixed >> 1) ^ (mixed & 1 == 0 ? 0 : 0x9908_B0DF)
    }
  }
}
