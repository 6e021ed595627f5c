/// Two candidates of an example, by their places in the record, of which one is preferred.
package struct PreferencePair: Sendable, Hashable {
  /// The preferred candidate.
  package let chosen: Int
  /// The other one.
  package let rejected: Int
  /// The preferred candidate's score; `nil` when the pair comes from a verdict.
  package let scoreChosen: Double?
  /// The other one's score.
  package let scoreRejected: Double?

  /// A pair.
  package init(
    chosen: Int, rejected: Int, scoreChosen: Double? = nil, scoreRejected: Double? = nil
  ) {
    self.chosen = chosen
    self.rejected = rejected
    self.scoreChosen = scoreChosen
    self.scoreRejected = scoreRejected
  }
}
