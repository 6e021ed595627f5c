/// How well the tokens of a candidate and a reference match.
package struct BERTScore: Sendable, Equatable {
  /// How well the candidate's tokens are matched; NaN when none of them has a weight.
  package let precision: Double
  /// How well the reference's tokens are matched; NaN when none of them has a weight.
  package let recall: Double
  /// The harmonic mean of both; 0 when they have none.
  package let f: Double

  /// The score when a text is empty.
  static let zero = BERTScore(precision: 0, recall: 0, f: 0)

  /// A score of its three parts.
  package init(precision: Double, recall: Double, f: Double) {
    self.precision = precision
    self.recall = recall
    self.f = f
  }

  /// A score of precision and recall.
  init(precision: Double, recall: Double) {
    let f = 2 * precision * recall / (precision + recall)
    self.init(precision: precision, recall: recall, f: f.isNaN ? 0 : f)
  }
}
