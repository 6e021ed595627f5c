package import Records

/// One verdict on a canonical pair, made from the presentation orders that were judged.
package struct CombinedVerdict: Sendable, Hashable {
  /// The verdict.
  package let verdict: Verdict
  /// How clearly, from -1 (B in every order) to 1 (A in every order).
  package let preference: Double
  /// How many orders it rests on.
  package let orders: Int
  /// Whether `verdict` is a tie of which no order, or not both alike, said if both are good or bad.
  package let isTieKindAssumed: Bool

  /// A combined verdict.
  package init(
    verdict: Verdict, preference: Double, orders: Int, isTieKindAssumed: Bool = false
  ) {
    self.verdict = verdict
    self.preference = preference
    self.orders = orders
    self.isTieKindAssumed = isTieKindAssumed
  }
}
