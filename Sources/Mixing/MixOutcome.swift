package import Records

/// What a recipe chose.
package struct MixOutcome: Sendable {
  /// How many records a rule dropped.
  package struct Drop: Sendable, Equatable {
    /// The rule.
    package let rule: String
    /// The number of records.
    package var count: Int
  }

  /// How many records of a source were read, kept and dropped.
  package struct SourceCounts: Sendable, Equatable {
    /// The source.
    package let source: Source
    /// The records read.
    package var read = 0
    /// The records in some split.
    package var kept = 0
    /// The records dropped, by rule, in the order in which the rules are applied.
    package var drops: [Drop] = []
  }

  /// How many records a step left.
  package struct Stage: Sendable, Equatable {
    /// The step: a filter's rule, `quota` or `concatenated`.
    package let name: String
    /// The number of records after it.
    package let count: Int
  }

  /// How many selected records have a licence.
  package struct LicenseCount: Sendable, Equatable {
    /// The licence; `unknown` for a missing one.
    package let license: String
    /// The number of records.
    package let count: Int
  }

  /// The records of the training split, in order.
  package let train: [Int64]
  /// The records of the development split, in order.
  package let dev: [Int64]
  /// The records of the test split, in order.
  package let test: [Int64]
  /// Counts by source, in the recipe's order.
  package let counts: [SourceCounts]
  /// Counts after each step, in order.
  package let stages: [Stage]
  /// The selected records' licences, the most frequent first.
  package let licenses: [LicenseCount]

  /// The records of a split, in order.
  ///
  /// - Parameter split: the split.
  /// - Returns: references.
  package func references(of split: Split) -> [Int64] {
    switch split {
    case .train: train
    case .dev: dev
    case .test: test
    }
  }

  /// Counts over all sources.
  package var total: (read: Int, kept: Int, drops: [Drop]) {
    var drops: [Drop] = []
    for drop in counts.flatMap(\.drops) {
      if let index = drops.firstIndex(where: { $0.rule == drop.rule }) {
        drops[index].count += drop.count
      } else {
        drops.append(drop)
      }
    }
    return (counts.reduce(0) { $0 + $1.read }, counts.reduce(0) { $0 + $1.kept }, drops)
  }

  /// `n read, n kept, n dropped (n output-length, n near-duplicates)`.
  package var summary: String {
    let total = total
    let dropped = total.drops.reduce(0) { $0 + $1.count }
    let reasons = total.drops.map { "\($0.count) \($0.rule)" }.joined(separator: ", ")
    let end = reasons.isEmpty ? "" : " (\(reasons))"
    return "\(total.read) read, \(total.kept) kept, \(dropped) dropped\(end)"
  }
}
