/// Something of an example that an export format could not carry.
package struct ExportLoss: Sendable, Hashable {
  /// What was lost.
  package enum Reason: String, Sendable, CaseIterable, Hashable, Comparable {
    /// Two candidates with equal scores, or a verdict that is a tie, in a format without ties.
    case tie
    /// Two scores that differ by less than the least margin.
    case belowMargin = "below-margin"
    /// A candidate without a score.
    case missingScore = "missing-score"
    /// An example with fewer than two candidates.
    case singleCandidate = "single-candidate"
    /// An example with neither verdicts nor two scores.
    case unjudged
    /// A chosen and a rejected text that are the same bytes.
    case identicalTexts = "identical-texts"
    /// Several verdicts on one pair that differ: combine them before the export.
    case contradiction
    /// A verdict on a model that the example does not have, or has twice.
    case unknownModel = "unknown-model"
    /// A candidate that is preferred in one pair and not in another, in a format of single labels.
    case conflictingLabels = "conflicting-labels"
    /// A text that holds a turn marker, which the format could not tell from its own.
    case turnMarker = "turn-marker"
    /// An example without the answer that was asked for.
    case missingAnswer = "missing-answer"
    /// A tie of which the format cannot say whether both are good or both bad; it is written.
    case tieKind = "tie-kind"
    /// A pair without the scores that the format has fields for; it is written with `null`.
    case missingRating = "missing-rating"
    /// A candidate that no record of the example holds.
    case otherCandidate = "other-candidate"
    /// A reference answer, in a format that has no place for one.
    case referenceAnswer = "reference-answer"
    /// A score of a candidate beside the one that the format has a field for.
    case score
    /// A verdict, in a format that is not made of verdicts.
    case verdict
    /// A field of the record that MixInstruct does not have.
    case additionalField = "additional-field"

    /// What became of the record, for people.
    package var effect: String {
      switch self {
      case .tieKind, .missingRating: "written, poorer"
      case .otherCandidate, .referenceAnswer, .score, .verdict, .additionalField:
        "has no place in the format"
      default: "left out"
      }
    }

    /// By name.
    package static func < (left: Reason, right: Reason) -> Bool {
      left.rawValue < right.rawValue
    }
  }

  /// The example.
  package let exampleID: String
  /// What was lost.
  package let reason: Reason
  /// How many pairs, candidates or verdicts it was.
  package let count: Int

  /// A loss.
  package init(exampleID: String, reason: Reason, count: Int = 1) {
    self.exampleID = exampleID
    self.reason = reason
    self.count = count
  }
}
