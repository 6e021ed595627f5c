package import Records

/// What a ``PairSelector`` chose for one example.
package struct SelectedPairs: Sendable, Equatable {
  /// The questions to ask, pair by pair in the record's order.
  package var comparisons: [Comparison] = []
  /// Ties that follow from identical texts and were not asked about.
  package var derived: [DerivedVerdict] = []
  /// Pairs of identical texts that are left out.
  package var skipped: [CandidatePair] = []
  /// Why pairs, or all of them, were left out.
  package var diagnostics: [Diagnostic] = []
}

/// A tie that no judge gave: the pair's two texts are the same bytes.
package struct DerivedVerdict: Sendable, Hashable {
  /// The pair.
  package let pair: CandidatePair
  /// The tie.
  package let verdict: Verdict
  /// What a ledger calls the judge of such verdicts.
  package static let judge = "derived:identical-texts"
}
