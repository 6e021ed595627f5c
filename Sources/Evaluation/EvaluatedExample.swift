package import Records

/// What a judge said when it was shown two candidates, kept for the quality of judges.
package struct Judgment: Sendable, Equatable {
  /// Who judged: a model with its prompt, or a person.
  package let judge: String
  /// The model of the candidate shown first.
  package let shownFirst: String
  /// The model of the candidate shown second.
  package let shownSecond: String
  /// What was said of (first, second); `nil` when the answer could not be parsed.
  package let verdict: Verdict?

  /// A judgment.
  package init(judge: String, shownFirst: String, shownSecond: String, verdict: Verdict?) {
    self.judge = judge
    self.shownFirst = shownFirst
    self.shownSecond = shownSecond
    self.verdict = verdict
  }
}

/// What a ranker or a fuser did with one example: each method becomes rows of the tables.
package struct MethodOutcome: Sendable, Equatable {
  /// What the method produced.
  package enum Outcome: Sendable, Equatable {
    /// A score per candidate, higher is better: the first best one is the choice.
    case scores([Double])
    /// The index of the chosen candidate.
    case choice(Int)
    /// An answer of its own with its metric values; verdicts name it by the method's name.
    case generated(metrics: [Double?])
  }

  /// The method's name as it stands in the tables, and in verdicts on a generated answer.
  package let method: String
  /// The name in tables.
  package let label: String
  /// What it produced.
  package let outcome: Outcome

  /// An outcome; in tables its label is the method's name unless said.
  package init(method: String, label: String? = nil, outcome: Outcome) {
    self.method = method
    self.label = label ?? method
    self.outcome = outcome
  }
}

/// Everything about one example that the tables are made of.
package struct EvaluatedExample: Sendable, Equatable {
  /// The identifier.
  package let id: String
  /// The candidates' models in order; a repeated model stands for its first candidate only.
  package let models: [String]
  /// Values per metric and candidate, [metrics, candidates], in the order of the options' metrics.
  package let metrics: [[Double?]]
  /// The verdicts that ranks and win rates are made of, in order.
  package let verdicts: [PairVerdict]
  /// How much each of ``verdicts`` counts, above 0; `nil` when each counts 1.
  package let weights: [Double]?
  /// The outcomes of rankers and fusers.
  package let outcomes: [MethodOutcome]
  /// Who judged what in which order, for the quality of judges.
  package let judgments: [Judgment]
  /// The models that judgments are on, in order, generated answers among them; `nil` when these are
  /// ``models``.
  package let judgedModels: [String]?
  /// The lengths of the judged candidates in any unit, for the preference for length; `nil` when
  /// unknown.
  package let lengths: [Int]?

  /// An example.
  package init(
    id: String, models: [String], metrics: [[Double?]] = [], verdicts: [PairVerdict] = [],
    weights: [Double]? = nil, outcomes: [MethodOutcome] = [], judgments: [Judgment] = [],
    judgedModels: [String]? = nil, lengths: [Int]? = nil
  ) {
    self.id = id
    self.models = models
    self.metrics = metrics
    self.verdicts = verdicts
    self.weights = weights
    self.outcomes = outcomes
    self.judgments = judgments
    self.judgedModels = judgedModels
    self.lengths = lengths
  }
}
