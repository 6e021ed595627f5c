/// The mean of scores that were computed in one way.
package struct ScoreMean: Sendable {
  /// How the scores were computed.
  package let signature: ScoreSignature
  /// The number of scores.
  package private(set) var count = 0
  private var sum = 0.0

  /// A mean of no scores yet.
  ///
  /// - Parameter signature: how the scores are computed.
  package init(signature: ScoreSignature) { self.signature = signature }

  /// The mean; `nil` without scores.
  package var value: Double? { count == 0 ? nil : sum / Double(count) }

  /// Adds a score.
  ///
  /// - Parameters:
  ///   - score: the score.
  ///   - signature: how it was computed.
  /// - Throws: ``MetricsError/signatureMismatch(expected:got:)`` when it was computed otherwise.
  package mutating func add(
    _ score: Double, signature: ScoreSignature
  ) throws(MetricsError) {
    guard signature == self.signature else {
      throw .signatureMismatch(
        expected: self.signature.description, got: signature.description)
    }
    sum += score
    count += 1
  }
}
