/// Precision, recall and their harmonic mean, each from 0 to 1.
package struct RougeScore: Sendable, Equatable {
  /// The share of the candidate that the reference has.
  package let precision: Double
  /// The share of the reference that the candidate has.
  package let recall: Double
  /// The harmonic mean; 0 when both are 0.
  package let f: Double

  /// A score from counts; a count of 0 makes its share 0.
  init(hits: Int, candidateCount: Int, referenceCount: Int) {
    precision = Double(hits) / Double(max(candidateCount, 1))
    recall = Double(hits) / Double(max(referenceCount, 1))
    let sum = precision + recall
    f = sum > 0 ? 2 * precision * recall / sum : 0
  }
}
