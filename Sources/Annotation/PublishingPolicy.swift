package import Records

/// How the votes of several people on a pair become one verdict.
package enum PublishingPolicy: String, Sendable, CaseIterable {
  /// What more than half of them say.
  case majority
  /// What all of them say, two at least.
  case unanimous
  /// What was adjudicated; elsewhere what all of them say.
  case adjudicated

  /// Combines votes.
  ///
  /// - Parameters:
  ///   - votes: the votes that stand, on the pair in one order.
  ///   - adjudication: the administrator's decision, when there is one.
  /// - Returns: the verdict; `nil` when the policy gives none.
  package func verdict(of votes: [Verdict], adjudication: Verdict?) -> Verdict? {
    switch self {
    case .majority:
      return Verdict.allCases.first { verdict in
        votes.count { $0 == verdict } * 2 > votes.count
      }
    case .unanimous:
      guard votes.count >= 2 else { return nil }
      return Self.common(votes)
    case .adjudicated: return adjudication ?? Self.common(votes)
    }
  }

  /// One sentence on what it does.
  package var explanation: String {
    switch self {
    case .majority: "what more than half of the people say"
    case .unanimous: "what all people say, two at least"
    case .adjudicated: "what an administrator decided, elsewhere what all people say"
    }
  }

  private static func common(_ votes: [Verdict]) -> Verdict? {
    guard let first = votes.first, votes.allSatisfy({ $0 == first }) else { return nil }
    return first
  }
}
