/// In which orders two candidates are compared.
///
/// Source: LLM-Blender `blender.py`, `compare`. Differs in that the logit is always about the first
/// candidate, A: the published code gives that of the exchanged order as it comes, and for both
/// orders the sum.
package enum PairOrders: String, Sendable, CaseIterable {
  /// A first.
  case given
  /// B first.
  case exchanged
  /// Both.
  case both

  /// The pairs to compare, of candidates 0 (A) and 1 (B).
  package var pairs: [RankingMode.Pair] {
    switch self {
    case .given: [RankingMode.Pair(0, 1)]
    case .exchanged: [RankingMode.Pair(1, 0)]
    case .both: [RankingMode.Pair(0, 1), RankingMode.Pair(1, 0)]
    }
  }

  /// The logit for A.
  ///
  /// - Parameter logits: those of ``pairs``, as they come.
  /// - Returns: above 0 when A is better; for both orders the mean.
  package func logit(_ logits: [Float]) -> Float {
    switch self {
    case .given: logits[0]
    case .exchanged: -logits[0]
    case .both: (logits[0] - logits[1]) / 2
    }
  }
}
