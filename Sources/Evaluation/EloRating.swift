/// Elo ratings, updated game by game; the order of the games matters.
///
/// Source: A. Elo, The Rating of Chessplayers (1978), with the logistic curve. Reports play the
/// examples in the order they are read and, within one, the verdicts in the record's order.
package struct EloRating: Sendable, Equatable {
  /// How far one game can move a rating.
  package let k: Double
  /// The rating of a newcomer.
  package let initial: Double
  /// The difference at which the stronger side is expected to win ten games of eleven.
  package let scale: Double
  /// The ratings so far.
  package private(set) var ratings: [Double]

  /// Ratings before the first game.
  ///
  /// - Parameters:
  ///   - count: the number of players; more may join later.
  ///   - k: how far one game can move a rating.
  ///   - initial: the rating of a newcomer.
  ///   - scale: the difference at which the stronger side wins ten of eleven.
  package init(count: Int = 0, k: Double = 32, initial: Double = 1000, scale: Double = 400) {
    self.k = k
    self.initial = initial
    self.scale = scale
    ratings = [Double](repeating: initial, count: count)
  }

  /// Lets players join until there are `count`.
  package mutating func grow(to count: Int) {
    while ratings.count < count { ratings.append(initial) }
  }

  /// Plays one game; both ratings move from where they stood before it.
  ///
  /// - Parameters:
  ///   - a: the first player.
  ///   - b: the second player.
  ///   - score: what the first player got: 1, 0.5 or 0.
  ///   - weight: how much the game counts; it scales ``k``.
  package mutating func play(_ a: Int, _ b: Int, score: Double, weight: Double = 1) {
    let k = k * weight
    let expected = 1 / (1 + exponentialOfTen((ratings[b] - ratings[a]) / scale))
    ratings[a] += k * (score - expected)
    ratings[b] += k * ((1 - score) - (1 - expected))
  }
}
