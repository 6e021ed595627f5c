internal import Records

/// Strengths under the Bradley-Terry model: i beats j with probability sigmoid(θi − θj).
///
/// Maximises Σ wins[i][j] ln sigmoid(θi − θj) − ridge/2 Σ θi² by Newton's method with step halving,
/// then subtracts the mean. Without a ridge a finite optimum exists only when every two players are
/// linked by a chain of wins in both directions; when not, a small ridge is used and the fit says so.
///
/// Source: Bradley and Terry, Biometrika 39 (1952); existence: Ford, Am. Math. Monthly 64 (1957).
package struct BradleyTerry: Sendable, Equatable {
  /// Why no finite optimum exists without a ridge.
  package enum Obstacle: Sendable, Equatable {
    /// The players fall into groups that never met; the groups, in order of their first member.
    case notConnected(groups: [[Int]])
    /// These players never lost, not even half a game, to any of the others.
    case unbeaten(players: [Int])
  }

  /// The strengths, with mean 0.
  package let theta: [Double]
  /// The wins that were fitted, [count, count].
  package let wins: [Double]
  /// The ridge that was used.
  package let ridge: Double
  /// Why there is no finite optimum without a ridge; `nil` when there is one.
  package let obstacle: Obstacle?
  /// Whether the ridge was put in because no finite optimum exists without one.
  package let usedFallbackRidge: Bool
  /// Whether Newton's method reached the optimum.
  package let converged: Bool

  /// The number of players.
  package var count: Int { theta.count }

  /// The strengths on the scale of Elo ratings around 1000.
  package var eloScale: [Double] { theta.map(Self.eloScale) }

  /// Competition ranks, 1 for the strongest; strengths within 1e-9 are equal.
  package var ranks: [Int] {
    CompetitionRanks.ranks(of: theta.map { ($0 * 1e9).rounded() })
  }

  /// A strength on the scale of Elo ratings: 1000 + 400 / ln 10 · θ.
  static func eloScale(_ theta: Double) -> Double { 1000 + 400 / naturalLogarithm(10) * theta }

  /// The ridge that is used when no finite optimum exists without one.
  package static let fallbackRidge = 0.01

  /// Fits strengths.
  ///
  /// - Parameters:
  ///   - wins: wins of the row over the column, [count, count]; a tie is half a win for both.
  ///   - count: the number of players.
  ///   - ridge: the weight of the penalty, 0 for maximum likelihood.
  package init(wins: [Double], count: Int, ridge: Double = 0) {
    precondition(wins.count == count * count, "\(wins.count) entries for \(count) players")
    precondition(ridge >= 0, "a ridge of \(ridge)")
    self.wins = wins
    obstacle = Self.obstacle(wins: wins, count: count)
    usedFallbackRidge = ridge == 0 && obstacle != nil
    self.ridge = usedFallbackRidge ? Self.fallbackRidge : ridge
    (theta, converged) = Self.maximise(wins: wins, count: count, ridge: self.ridge)
  }

  // MARK: Newton's method

  private static func maximise(
    wins: [Double], count: Int, ridge: Double
  ) -> (theta: [Double], converged: Bool) {
    var theta = [Double](repeating: 0, count: count)
    guard count > 1 else { return (theta, true) }
    let games = wins.reduce(0, +)
    let tolerance = 1e-12 * max(1, games)
    var value = objective(theta, wins: wins, ridge: ridge)
    for _ in 0..<500 {
      let gradient = gradient(theta, wins: wins, ridge: ridge)
      if gradient.allSatisfy({ abs($0) <= tolerance }) { return (theta, true) }
      // Adding a constant to all entries fixes the mean, which the likelihood leaves free.
      let information = information(theta, wins: wins, ridge: ridge, mean: 1 / Double(count))
      guard let factor = CholeskyFactor(information, count: count) else { return (theta, false) }
      let step = factor.solve(gradient)
      var scale = 1.0
      var moved = false
      while scale > 1e-10 {
        let next = zip(theta, step).map { $0 + scale * $1 }
        let nextValue = objective(next, wins: wins, ridge: ridge)
        // Near the optimum the objective no longer changes in double precision.
        if nextValue >= value - 1e-13 * abs(value) {
          moved = zip(theta, next).contains { abs($0 - $1) > 1e-14 }
          theta = next
          value = nextValue
          break
        }
        scale /= 2
      }
      if !moved {
        let nearlyFlat = gradient.allSatisfy { abs($0) <= 1e-7 * max(1, games) }
        return (centred(theta), nearlyFlat)
      }
      theta = centred(theta)
    }
    return (theta, false)
  }

  private static func centred(_ theta: [Double]) -> [Double] {
    let mean = theta.reduce(0, +) / Double(theta.count)
    return theta.map { $0 - mean }
  }

  private static func objective(_ theta: [Double], wins: [Double], ridge: Double) -> Double {
    var sum = 0.0
    for i in theta.indices {
      for j in theta.indices where i != j && wins[i * theta.count + j] > 0 {
        sum -= wins[i * theta.count + j] * softplus(theta[j] - theta[i])
      }
      sum -= ridge / 2 * theta[i] * theta[i]
    }
    return sum
  }

  private static func gradient(_ theta: [Double], wins: [Double], ridge: Double) -> [Double] {
    let count = theta.count
    return theta.indices.map { i in
      var sum = -ridge * theta[i]
      for j in theta.indices where i != j {
        let won = wins[i * count + j]
        let lost = wins[j * count + i]
        guard won + lost > 0 else { continue }
        sum += won - (won + lost) * probability(theta[i] - theta[j])
      }
      return sum
    }
  }

  static func probability(_ difference: Double) -> Double { 1 / (1 + exponential(-difference)) }

  /// The negative Hessian of the objective plus `mean` in every entry.
  static func information(
    _ theta: [Double], wins: [Double], ridge: Double, mean: Double
  ) -> [Double] {
    let count = theta.count
    var matrix = [Double](repeating: mean, count: count * count)
    for i in 0..<count {
      matrix[i * count + i] += ridge
      for j in 0..<count where i != j {
        let games = wins[i * count + j] + wins[j * count + i]
        guard games > 0 else { continue }
        let p = probability(theta[i] - theta[j])
        matrix[i * count + i] += games * p * (1 - p)
        matrix[i * count + j] -= games * p * (1 - p)
      }
    }
    return matrix
  }

  // MARK: Existence of an optimum

  private static func obstacle(wins: [Double], count: Int) -> Obstacle? {
    guard count > 1 else { return nil }
    var groups: [[Int]] = []
    var isGrouped = [Bool](repeating: false, count: count)
    for start in 0..<count where !isGrouped[start] {
      let group = reachable(from: start, count: count) {
        wins[$0 * count + $1] + wins[$1 * count + $0] > 0
      }
      for member in group { isGrouped[member] = true }
      groups.append(group)
    }
    if groups.count > 1 { return .notConnected(groups: groups) }
    // Whoever is reached by walking from loser to winner forms, when it cannot be left, a set that
    // never lost to the rest; the smallest such set is a source of the graph of wins.
    var smallest: [Int]?
    for start in 0..<count {
      let beaters = reachable(from: start, count: count) { wins[$1 * count + $0] > 0 }
      if beaters.count < count, beaters.count < smallest?.count ?? count { smallest = beaters }
    }
    return smallest.map { .unbeaten(players: $0) }
  }

  private static func reachable(
    from start: Int, count: Int, _ isLinked: (Int, Int) -> Bool
  ) -> [Int] {
    var isSeen = [Bool](repeating: false, count: count)
    isSeen[start] = true
    var open = [start]
    while let player = open.popLast() {
      for other in 0..<count where !isSeen[other] && other != player && isLinked(player, other) {
        isSeen[other] = true
        open.append(other)
      }
    }
    return (0..<count).filter { isSeen[$0] }
  }
}
