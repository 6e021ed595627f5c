/// What a judge of the store says against what most people say of the same pairs.
package struct JudgeConfusion: Sendable, Equatable {
  /// The judge's name.
  package let name: String
  /// What it is: `llm`, `ranker`…
  package let kind: String
  /// The counts, [4][4]: rows the judge, columns the people's majority, in the order of
  /// `Verdict.allCases`.
  package let confusion: [[Int]]
  /// The pairs that both judged.
  package let items: Int
  /// The share of equal verdicts.
  package let raw: Double?
  /// Cohen's kappa.
  package let kappa: Double?

  /// A confusion matrix.
  package init(
    name: String, kind: String, confusion: [[Int]], items: Int, raw: Double?, kappa: Double?
  ) {
    self.name = name
    self.kind = kind
    self.confusion = confusion
    self.items = items
    self.raw = raw
    self.kappa = kappa
  }
}
