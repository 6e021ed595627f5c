/// One question to a judge: a pair and the order in which its candidates are shown.
package struct Comparison: Sendable, Hashable {
  /// Which candidate is shown as A.
  package enum Order: String, Sendable, CaseIterable, Hashable {
    /// The pair's first candidate is shown as A.
    case given
    /// The pair's second candidate is shown as A.
    case exchanged

    /// The other order.
    package var reversed: Order { self == .given ? .exchanged : .given }
  }

  /// The pair.
  package let pair: CandidatePair
  /// The order shown.
  package let order: Order

  /// A question.
  package init(pair: CandidatePair, order: Order) {
    self.pair = pair
    self.order = order
  }

  /// The model shown as A.
  package var shownA: String { order == .given ? pair.modelA : pair.modelB }
  /// The model shown as B.
  package var shownB: String { order == .given ? pair.modelB : pair.modelA }
  /// The place in the record of the candidate shown as A.
  package var shownIndexA: Int { order == .given ? pair.indexA : pair.indexB }
  /// The place in the record of the candidate shown as B.
  package var shownIndexB: Int { order == .given ? pair.indexB : pair.indexA }
}
