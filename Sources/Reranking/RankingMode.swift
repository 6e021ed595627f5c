package import Records

/// Which pairs are compared, and how their logits become an order.
///
/// A mode is a function of what is known: it names the pairs that it needs next, or gives the
/// result. So the same code runs over many inputs at once, and over a ledger.
package enum RankingMode: Sendable, Equatable {
  /// All ordered pairs.
  case full(PairwiseScoring)
  /// Passes that carry the better candidate forward.
  case bubble(BubbleSelection)
  /// All candidates against one of them.
  case reference(ReferenceChoice)
  /// Comparisons where they matter, under a budget.
  case adaptive(AdaptiveRanking)

  /// What comes next.
  package enum Step: Sendable, Equatable {
    /// Pairs to compare, in the order in which the two candidates are read.
    case compare([Pair])
    /// The result.
    case ranked(RankedCandidates)
  }

  /// An ordered pair of candidates.
  package struct Pair: Sendable, Hashable {
    /// The candidate that is read first.
    package let first: Int
    /// The other one.
    package let second: Int

    /// A pair.
    ///
    /// - Parameters:
    ///   - first: the candidate that is read first.
    ///   - second: the other one.
    package init(_ first: Int, _ second: Int) {
      self.first = first
      self.second = second
    }
  }

  /// Whether scores are those of the full matrix, which does not depend on what was asked before.
  package var isFull: Bool { if case .full = self { true } else { false } }

  /// The next step.
  ///
  /// - Parameters:
  ///   - known: the logits so far.
  ///   - candidates: the candidates' texts.
  /// - Returns: the pairs that are needed, or the result.
  package func step(_ known: ComparisonMatrix, candidates: [String]) -> Step {
    switch self {
    case .full(let scoring):
      let missing = known.missing
      guard missing.isEmpty else { return .compare(missing.map { Pair($0.first, $0.second) }) }
      return .ranked(RankedCandidates(scores: scoring.scores(of: known)))
    case .bubble(let selection): return selection.step(known)
    case .reference(let choice): return choice.step(known, candidates: candidates)
    case .adaptive(let scheme): return scheme.step(known)
    }
  }

  /// Both orders of a pair, as far as they are not known.
  static func needed(_ one: Int, _ other: Int, _ known: ComparisonMatrix) -> [Pair] {
    [Pair(one, other), Pair(other, one)].filter {
      known[first: $0.first, second: $0.second] == nil
    }
  }
}
