package import Records

/// How well one person's verdicts can be trusted: all numbers are counts, so that each states its n.
package struct AnnotatorQuality: Sendable, Equatable {
  /// Hidden repeats with the same verdict as the first time.
  package private(set) var selfConsistency = Proportion()
  /// Items of known verdict that were judged as expected.
  package private(set) var goldAccuracy = Proportion()
  /// Of the verdicts that name a winner, those for the side shown first.
  package private(set) var firstSide = Proportion()
  /// Of the comparisons with others' verdicts on the same pair, those that are equal.
  package private(set) var agreementWithOthers = Proportion()

  /// No verdicts yet.
  package init() {}

  /// Counts a verdict on two answers in the order in which they were shown.
  package mutating func addShown(_ verdict: Verdict) {
    guard !verdict.isTie else { return }
    firstSide.add(verdict == .aIsBetter)
  }

  /// Counts a pair that was judged twice; both verdicts are in candidate order.
  package mutating func addRepeat(_ first: Verdict, _ again: Verdict) {
    selfConsistency.add(first == again)
  }

  /// Counts an item of known verdict; both verdicts are in candidate order.
  package mutating func addGold(_ verdict: Verdict, expected: Verdict) {
    goldAccuracy.add(verdict == expected)
  }

  /// Compares with the verdicts of others on the same pair, all in candidate order.
  package mutating func add(_ verdict: Verdict, others: some Sequence<Verdict>) {
    for other in others { agreementWithOthers.add(verdict == other) }
  }

  /// Whether one side is preferred beyond chance: 50 % lies outside the interval of ``firstSide``.
  package var prefersASide: Bool {
    firstSide.interval.map { $0.lower > 0.5 || $0.upper < 0.5 } ?? false
  }
}
