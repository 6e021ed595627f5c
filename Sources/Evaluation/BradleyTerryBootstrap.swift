internal import RandomNumbers

/// Bootstrap intervals of Bradley-Terry strengths over a stream of examples.
///
/// Each replicate counts each example a Poisson(1) number of times, which resamples whole examples
/// without keeping them: memory grows with replicates and players only.
///
/// Source: Chamandy et al., Estimating Uncertainty for Massive Data Streams (2012).
package struct BradleyTerryBootstrap: Sendable {
  /// One comparison of an example with the credits of both sides.
  package struct Game: Sendable, Equatable {
    /// The first player.
    package let a: Int
    /// The second player.
    package let b: Int
    /// The first player's share of the win.
    package let creditA: Double
    /// The second player's share of the win.
    package let creditB: Double

    /// A game.
    package init(a: Int, b: Int, creditA: Double, creditB: Double) {
      self.a = a
      self.b = b
      self.creditA = creditA
      self.creditB = creditB
    }
  }

  private let seed: UInt64
  private var examples: UInt64 = 0
  private var side = 0
  private var replicates: [[Double]]

  /// A bootstrap before the first example.
  ///
  /// - Parameters:
  ///   - replicates: the number of replicates.
  ///   - seed: equal seeds and examples give equal intervals.
  package init(replicates: Int, seed: UInt64) {
    self.seed = seed
    self.replicates = Array(repeating: [], count: max(0, replicates))
  }

  /// Counts one example's games.
  package mutating func add(_ games: [Game]) {
    defer { examples += 1 }
    guard let last = games.map({ max($0.a, $0.b) }).max(), !replicates.isEmpty else { return }
    if last >= side { grow(to: max(last + 1, side * 2)) }
    var generator = SplitMix64(seed: seed &+ examples &* 0xD134_2543_DE82_EF95)
    // The first draw after seeding mixes seeds that differ in few bits.
    _ = generator.next()
    for replicate in replicates.indices {
      let weight = Self.poisson(generator.next())
      guard weight > 0 else { continue }
      for game in games {
        replicates[replicate][game.a * side + game.b] += weight * game.creditA
        replicates[replicate][game.b * side + game.a] += weight * game.creditB
      }
    }
  }

  /// Percentile intervals of the strengths.
  ///
  /// - Parameters:
  ///   - count: the number of players.
  ///   - ridge: the ridge of each fit.
  ///   - level: the share of replicates inside.
  /// - Returns: one interval per player; `nil` without replicates.
  package func intervals(
    count: Int, ridge: Double, level: Double = 0.95
  ) -> [ConfidenceInterval]? {
    guard !replicates.isEmpty else { return nil }
    let fits = replicates.map { stored -> [Double] in
      var wins = [Double](repeating: 0, count: count * count)
      for i in 0..<min(count, side) {
        for j in 0..<min(count, side) { wins[i * count + j] = stored[i * side + j] }
      }
      return BradleyTerry(wins: wins, count: count, ridge: ridge).theta
    }
    return (0..<count).map { player in
      let values = fits.map { $0[player] }.sorted()
      return ConfidenceInterval(
        lower: Self.quantile(values, (1 - level) / 2),
        upper: Self.quantile(values, (1 + level) / 2))
    }
  }

  private mutating func grow(to size: Int) {
    for replicate in replicates.indices {
      var grown = [Double](repeating: 0, count: size * size)
      for i in 0..<side {
        for j in 0..<side { grown[i * size + j] = replicates[replicate][i * side + j] }
      }
      replicates[replicate] = grown
    }
    side = size
  }

  /// A Poisson(1) number from 64 random bits, by inversion.
  private static func poisson(_ bits: UInt64) -> Double {
    var remaining = Double(bits >> 11) / 9_007_199_254_740_992
    var probability = 0.367_879_441_171_442_33
    var number = 0.0
    while remaining >= probability && number < 20 {
      remaining -= probability
      number += 1
      probability /= number
    }
    return number
  }

  /// A quantile with linear interpolation between the two nearest values.
  private static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = share * Double(sorted.count - 1)
    let below = Int(place)
    let above = min(below + 1, sorted.count - 1)
    return sorted[below] + (place - Double(below)) * (sorted[above] - sorted[below])
  }
}
