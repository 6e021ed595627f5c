package import Records

/// What became of one record, and what was measured on the way.
package struct Decision: Sendable, Equatable {
  /// Rules of the mix itself, beside those of its filters.
  package enum MixRule {
    /// The source had reached its quota, or its part by weight.
    package static let quota = "quota"
    /// All splits were full.
    package static let splitSizes = "split-sizes"
  }

  /// Where a record went.
  package enum Fate: Sendable, Equatable {
    /// Into a split.
    case selected(Split)
    /// Nowhere, because of a rule.
    case dropped(rule: String)
  }

  /// The record.
  package let reference: Int64
  /// Its source.
  package let source: Source
  /// Where it went.
  package let fate: Fate
  /// What the rule measured: a length, a similarity, a place in the shuffled source; `nil` for a
  /// selected record and for rules that measure no number.
  package let value: Double?
  /// What the value was compared with.
  package let threshold: Double?
  /// The phrase or licence that the rule found.
  package let detail: String?
  /// The record that is kept instead of this one.
  package let keptInstead: Int64?
  /// The answer's length; `nil` when it was not measured.
  package let outputLength: Int?
  /// The input's length; `nil` when it was not measured.
  package let inputLength: Int?
  /// The similarity to the cluster that the record belongs to; `nil` below the measured floor.
  package let similarity: Double?

  /// The rule that dropped the record; `nil` when it was selected.
  package var rule: String? {
    if case .dropped(let rule) = fate { rule } else { nil }
  }
}
