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

  /// The only pairs that become tasks; `nil` leaves the choice to the exporter.
  package let pairs: [Pair]?

  /// Two candidates by their places in the record, the first one before the second.
  package struct Pair: Sendable, Hashable {
    /// The place of the first candidate.
    package let low: Int
    /// The place of the second candidate.
    package let high: Int

    /// A pair, whichever place is given first.
    package init(_ one: Int, _ other: Int) {
      low = min(one, other)
      high = max(one, other)
    }
  }

  /// An example with its scores and verdicts.
  package init(
    example: Example, scores: CandidateScores? = nil, judgements: [Judgement] = [],
    pairs: [Pair]? = nil
  ) {
    self.example = example
    self.scores = scores
    self.judgements = judgements
    self.pairs = pairs
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
