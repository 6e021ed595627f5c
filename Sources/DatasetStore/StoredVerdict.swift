package import Records

/// A verdict of the ledger, with candidates named by their place in the example.
package struct StoredVerdict: Sendable {
  /// The row of the judge.
  package let judge: Int64
  /// The candidate shown as A.
  package let candidateA: Int
  /// The candidate shown as B.
  package let candidateB: Int
  /// What was said; `nil` when it could not be understood.
  package let verdict: Verdict?
  /// A ranker's logit; above 0, A is better.
  package let logit: Double?
  /// An imported annotation's number: 1 is A, 2 is B.
  package let preference: Double?

  /// A verdict that was read in another way than through ``ExampleReader``.
  package init(
    judge: Int64, candidateA: Int, candidateB: Int, verdict: Verdict?, logit: Double?,
    preference: Double?
  ) {
    self.judge = judge
    self.candidateA = candidateA
    self.candidateB = candidateB
    self.verdict = verdict
    self.logit = logit
    self.preference = preference
  }
}
