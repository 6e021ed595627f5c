internal import RandomNumbers

/// Random numbers that depend on a seed and a stream alone, whatever machine and order of requests.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var numbers: SplitMix64

  /// Starts the numbers of one stream of a seed.
  ///
  /// - Parameters:
  ///   - seed: the seed.
  ///   - stream: which of the seed's streams; those of neighbours have nothing in common.
  public init(seed: UInt64, stream: UInt64 = 0) {
    numbers = SplitMix64(seed: seed)
    let start = numbers.next()
    numbers = SplitMix64(seed: start ^ stream)
    numbers = SplitMix64(seed: numbers.next() ^ start)
  }

  /// The next 64 bits.
  ///
  /// - Returns: a number that is uniform over all 64-bit words.
  public mutating func next() -> UInt64 { numbers.next() }

  /// The next number in 0 ..< 1, with 53 random bits.
  ///
  /// - Returns: the number.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
