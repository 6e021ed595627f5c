package import Records

/// What a parser read in a judge's reply.
package struct ParsedReply: Sendable, Equatable {
  /// The verdict or why there is none.
  package enum Outcome: Sendable, Equatable {
    /// The judge's verdict on the candidates as shown.
    case verdict(Verdict)
    /// The reply has no verdict in the expected form; the sentence says what was found instead.
    case unparsable(reason: String)
  }

  /// The verdict or why there is none.
  package let outcome: Outcome
  /// Whether the verdict is a tie of which the reply does not say if both are good or both bad.
  package let isTieKindAssumed: Bool
  /// The marks for A and B, when the reply gives marks.
  package let marks: Marks?
  /// The judge's own reason, when the reply's form has a place for it.
  package let explanation: String?

  /// The marks of a reply that scores both candidates.
  package struct Marks: Sendable, Equatable {
    /// The mark of the candidate shown as A.
    package let a: Double
    /// The mark of the candidate shown as B.
    package let b: Double
  }

  /// The verdict; `nil` when the reply is unparsable.
  package var verdict: Verdict? {
    if case .verdict(let verdict) = outcome { verdict } else { nil }
  }

  /// Why there is no verdict; `nil` when there is one.
  package var reason: String? {
    if case .unparsable(let reason) = outcome { reason } else { nil }
  }

  static func verdict(
    _ verdict: Verdict, isTieKindAssumed: Bool = false, marks: Marks? = nil,
    explanation: String? = nil
  ) -> ParsedReply {
    ParsedReply(
      outcome: .verdict(verdict), isTieKindAssumed: isTieKindAssumed, marks: marks,
      explanation: explanation)
  }

  static func unparsable(_ reason: String) -> ParsedReply {
    ParsedReply(
      outcome: .unparsable(reason: reason), isTieKindAssumed: false, marks: nil, explanation: nil)
  }
}
