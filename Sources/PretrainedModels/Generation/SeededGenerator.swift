/// Random numbers that depend on a seed alone, whatever machine and order of requests.
///
/// Source: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014,
/// doi:10.1145/2660193.2660195: SplitMix64.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Starts the numbers of one stream of a seed.
  ///
  /// - Parameters:
  ///   - seed: the seed.
  ///   - stream: which of the seed's streams; those of neighbours have nothing in common.
  public init(seed: UInt64, stream: UInt64 = 0) {
    state = seed
    let start = next()
    state = start ^ stream
    state = next() ^ start
  }

  /// The next 64 bits.
  ///
  /// - Returns: a number that is uniform over all 64-bit words.
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var word = state
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// The next number in 0 ..< 1, with 53 random bits.
  ///
  /// - Returns: the number.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
