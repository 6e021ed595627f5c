package import Records

/// Scores of an example's candidates, higher is better, and where they come from.
package struct CandidateScores: Sendable, Equatable {
  /// The metric, ranking or judge they come from.
  package let source: String
  /// A score for each candidate in the record's order; `nil` or NaN where there is none.
  package let values: [Double?]

  /// Scores.
  ///
  /// - Parameters:
  ///   - source: the metric, ranking or judge.
  ///   - values: a score for each candidate in the record's order, higher is better.
  package init(source: String, values: [Double?]) {
    self.source = source
    self.values = values
  }

  /// The scores that the record holds under a metric's name.
  ///
  /// - Parameters:
  ///   - metric: the metric.
  ///   - example: the record.
  package init(metric: String, of example: Example) {
    self.init(source: metric, values: example.candidates.map { $0.score(metric) })
  }

  /// Scores from ranks, of which 1 is best: a rank's negative.
  ///
  /// - Parameters:
  ///   - ranks: a rank for each candidate in the record's order.
  ///   - source: the ranking's name.
  package init(ranks: [Int?], source: String) {
    self.init(source: source, values: ranks.map { $0.map { -Double($0) } })
  }
}
