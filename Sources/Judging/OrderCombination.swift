package import Records

/// How the verdicts on both presentation orders of a pair become one.
package enum OrderCombination: String, Sendable, CaseIterable {
  /// Equal verdicts stand, different ones make a tie; both orders are needed.
  case agreeOrTie = "agree-or-tie"
  /// The mean of +1 (A), 0 (tie) and -1 (B) over the orders present; its sign decides.
  case average
  /// The verdict on the order `given`; the other is not looked at.
  case firstOnly = "first-only"

  /// What the policy does, to follow its name in the notes of a report.
  package var explanation: String {
    switch self {
    case .agreeOrTie:
      "equal verdicts stand, different ones are a tie, pairs shown once are left out"
    case .average: "the mean of +1, 0 and -1 decides, over one order where there is only one"
    case .firstOnly: "only verdicts on candidates shown in the record's order count"
    }
  }

  /// Combines verdicts that are both on the canonical pair.
  ///
  /// A tie that comes from different verdicts takes the kind that was said (`Same good`, `Same bad`)
  /// when exactly one kind was, and is `Same good` with ``CombinedVerdict/isTieKindAssumed`` otherwise.
  ///
  /// Source: `agree-or-tie` is the rule of FastChat's pairwise judging, which also drops a row when
  /// either game failed.
  ///
  /// - Parameters:
  ///   - given: the verdict in the order `given`; `nil` when there is none.
  ///   - exchanged: the verdict in the other order, mapped back with ``Comparison/canonical(_:)``.
  /// - Returns: the combined verdict; `nil` when the policy misses an order it needs.
  package func combine(given: Verdict?, exchanged: Verdict?) -> CombinedVerdict? {
    switch self {
    case .firstOnly:
      return given.map { CombinedVerdict(verdict: $0, preference: Self.worth($0), orders: 1) }
    case .agreeOrTie:
      guard let given, let exchanged else { return nil }
      if given == exchanged {
        return CombinedVerdict(verdict: given, preference: Self.worth(given), orders: 2)
      }
      return Self.tie(of: [given, exchanged])
    case .average:
      let verdicts = [given, exchanged].compactMap(\.self)
      guard let first = verdicts.first else { return nil }
      let mean = verdicts.reduce(0) { $0 + Self.worth($1) } / Double(verdicts.count)
      if mean == 0 {
        if verdicts.allSatisfy({ $0 == first }) {
          return CombinedVerdict(verdict: first, preference: 0, orders: verdicts.count)
        }
        return Self.tie(of: verdicts)
      }
      return CombinedVerdict(
        verdict: mean > 0 ? .aIsBetter : .bIsBetter, preference: mean, orders: verdicts.count)
    }
  }

  private static func worth(_ verdict: Verdict) -> Double {
    switch verdict {
    case .aIsBetter: 1
    case .bIsBetter: -1
    case .sameGood, .sameBad: 0
    }
  }

  private static func tie(of verdicts: [Verdict]) -> CombinedVerdict {
    let kinds = Set(verdicts.filter(\.isTie))
    let kind = kinds.count == 1 ? kinds.first : nil
    return CombinedVerdict(
      verdict: kind ?? .sameGood, preference: 0, orders: verdicts.count,
      isTieKindAssumed: kind == nil)
  }
}
