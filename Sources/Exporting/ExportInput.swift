package import Records

/// One example with what an export may need of it.
package struct ExportInput: Sendable, Equatable {
  /// A verdict and who gave it.
  package struct Judgement: Sendable, Equatable {
    /// The verdict on the models in the order shown.
    package let verdict: PairVerdict
    /// The judge.
    package let judge: String
    /// Whether the judge is a person.
    package let isPerson: Bool

    /// A verdict of a judge.
    package init(verdict: PairVerdict, judge: String, isPerson: Bool = false) {
      self.verdict = verdict
      self.judge = judge
      self.isPerson = isPerson
    }
  }

  /// The example.
  package let example: Example
  /// The candidates' scores; `nil` when nothing scored them.
  package let scores: CandidateScores?
  /// The verdicts: one for each pair where pairs are made of them.
  package let judgements: [Judgement]

  /// An example with its scores and verdicts.
  package init(example: Example, scores: CandidateScores? = nil, judgements: [Judgement] = []) {
    self.example = example
    self.scores = scores
    self.judgements = judgements
  }

  /// An example whose verdicts are those in its record.
  ///
  /// - Parameters:
  ///   - example: the example.
  ///   - scores: the candidates' scores.
  ///   - judge: who gave the verdicts.
  package init(example: Example, scores: CandidateScores? = nil, judge: String) {
    self.init(
      example: example, scores: scores,
      judgements: example.verdicts.map { Judgement(verdict: $0, judge: judge) })
  }
}
