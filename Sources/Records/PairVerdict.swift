/// A verdict on two candidates of one example, named by their models, in the order presented.
public struct PairVerdict: Sendable, Hashable {
  /// The model of the candidate shown as A.
  public let modelA: String
  /// The model of the candidate shown as B.
  public let modelB: String
  /// What was said.
  public let verdict: Verdict

  /// A verdict on the pair (`modelA`, `modelB`).
  public init(modelA: String, modelB: String, verdict: Verdict) {
    self.modelA = modelA
    self.modelB = modelB
    self.verdict = verdict
  }
}
