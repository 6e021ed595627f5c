package import Records

/// What a report is made of.
package struct EvaluationOptions: Sendable {
  /// What happens to examples without a usable verdict.
  package enum UnjudgedExamples: String, Sendable, CaseIterable {
    /// They count for metrics only.
    case exclude
    /// Their candidates all rank first, as in the reference implementation.
    case rankAllFirst = "rank-all-first"
  }

  /// What decides whether a choice is at least as good as a model.
  package enum Standing: String, Sendable, CaseIterable {
    /// The verdict on the two, where there is one.
    case verdict
    /// Their ranks by all verdicts of the example.
    case rank
  }

  /// The title.
  package var title: String
  /// The metrics, in the order of ``EvaluatedExample/metrics``.
  package var metrics: [MetricDescription]
  /// How verdicts become ranks.
  package var ranking: PairwiseScoring
  /// What ties are worth.
  package var ties: TiePolicy
  /// What happens to unjudged examples.
  package var unjudged: UnjudgedExamples
  /// The models of the `>= X` columns; `nil` for the two with the best mean rank.
  package var referenceModels: [String]?
  /// What the `>= X` columns of the main table go by; the JSON form has both.
  package var standing: Standing
  /// The ridge of Bradley-Terry; 0 for maximum likelihood where it exists.
  package var ridge: Double
  /// Bootstrap replicates for the intervals of Bradley-Terry; 0 for the sandwich estimate.
  package var bootstrapReplicates: Int
  /// The seed of the bootstrap.
  package var seed: UInt64
  /// More sentences for the notes: the judge, the filters, the origin of the data.
  package var notes: [String]

  /// Options.
  package init(
    title: String = "Evaluation", metrics: [MetricDescription] = [],
    ranking: PairwiseScoring = .maxLogits, ties: TiePolicy = .reference,
    unjudged: UnjudgedExamples = .exclude, referenceModels: [String]? = nil,
    standing: Standing = .verdict, ridge: Double = 0, bootstrapReplicates: Int = 0,
    seed: UInt64 = 42, notes: [String] = []
  ) {
    self.title = title
    self.metrics = metrics
    self.ranking = ranking
    self.ties = ties
    self.unjudged = unjudged
    self.referenceModels = referenceModels
    self.standing = standing
    self.ridge = ridge
    self.bootstrapReplicates = bootstrapReplicates
    self.seed = seed
    self.notes = notes
  }
}
