/// How scored candidates become pairs of a chosen and a rejected one.
package enum Binarization: String, Sendable, CaseIterable {
  /// The best candidate against the worst, as in Argilla's version of UltraFeedback.
  case bestVersusWorst = "best-vs-worst"
  /// The best candidate against a random worse one, as in H4's version of UltraFeedback.
  case bestVersusRandom = "best-vs-random"
  /// Every two candidates with different scores.
  case allPairs = "all-pairs"
  /// Every candidate against the next one by score.
  case adjacent
}
