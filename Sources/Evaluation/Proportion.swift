/// A count out of a total.
package struct Proportion: Sendable, Equatable {
  /// How many there are.
  package private(set) var count: Int
  /// Out of how many.
  package private(set) var total: Int

  /// A count out of a total; nothing of nothing when they are left out.
  package init(_ count: Int = 0, of total: Int = 0) {
    self.count = count
    self.total = total
  }

  /// Counts one more.
  ///
  /// - Parameter isHit: whether it is one of those that are counted.
  package mutating func add(_ isHit: Bool) {
    total += 1
    if isHit { count += 1 }
  }

  /// The share from 0 to 1; `nil` of nothing.
  package var share: Double? { total > 0 ? Double(count) / Double(total) : nil }

  /// Wilson's 95 % interval of the share; `nil` of nothing.
  package var interval: ConfidenceInterval? {
    share.map { .wilson($0, trials: Double(total)) }
  }

  /// The share in percent with the total.
  var percentage: MeanValue {
    MeanValue(
      value: total > 0 ? 100 * Double(count) / Double(total) : nil, count: Double(total))
  }
}
