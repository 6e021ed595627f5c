package import Evaluation
package import JSON
package import Records

/// How judges agree with others, and which of their judgments are suspicious.
package struct JudgeComparison: Sendable {
  /// A judgment that those it is compared with deny.
  package struct Suspicion: Sendable {
    /// The example's identifier.
    package let id: String
    /// The model of the candidate that stands first in the record.
    package let modelA: String
    /// The model of the other one.
    package let modelB: String
    /// Who judged.
    package let judge: String
    /// What was said of (A, B).
    package let verdict: Verdict
    /// Whom it is compared with.
    package let other: String
    /// What that one says.
    package let otherVerdict: Verdict
    /// The logit of a ranker that says otherwise, above 0 for A; `nil` when none does.
    package let logit: Double?

    /// The judgment as JSON.
    package var json: JSONObject {
      [
        "id": .string(id), "model_a": .string(modelA), "model_b": .string(modelB),
        "judge": .string(judge), "verdict": .string(verdict.rawValue), "against": .string(other),
        "against_verdict": .string(otherVerdict.rawValue),
        "logit": logit.map { .double($0) } ?? .null,
      ]
    }

    /// The judgment in a sentence.
    package var message: String {
      "\(judge) says '\(verdict.rawValue)' of \(modelA) and \(modelB), \(other) "
        + "'\(otherVerdict.rawValue)'" + (logit.map { ", logit \($0)" } ?? "")
    }
  }

  /// The number of examples looked at.
  package let examples: Int
  /// The agreement of each judge with each of those it is compared with, which come first.
  package let agreements: [JudgeAgreement]
  /// All judges: order, length, ties.
  package let judges: [JudgeQuality]
  /// The most suspicious judgments, the most suspicious first.
  package let suspicions: [Suspicion]
  /// How many there are, also beyond those listed.
  package let suspicionCount: Int
}
