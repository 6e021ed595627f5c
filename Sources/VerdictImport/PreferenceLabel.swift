internal import Records

/// A verdict on two answers, and whether a tie's kind was not said.
struct Outcome: Equatable {
  let verdict: Verdict
  var isTieKindAssumed = false
}

/// What a label between two answers can be called.
enum PreferenceLabel {
  /// Lower case, with one space for hyphens and low lines.
  static func folded(_ label: String) -> String {
    label.lowercased().split { $0 == "-" || $0 == "_" || $0.isWhitespace }.joined(separator: " ")
  }

  /// What a label says of two answers; `nil` when it is not known.
  static func outcome(_ label: String, _ answers: ComparedAnswers) -> Outcome? {
    var name = folded(label)
    if name.hasSuffix(" is better") { name = String(name.dropLast(" is better".count)) }
    switch name {
    case "a", "left", "first", "model a": return Outcome(verdict: .aIsBetter)
    case "b", "right", "second", "model b": return Outcome(verdict: .bIsBetter)
    case "same good", "both good", "both are good", "both": return Outcome(verdict: .sameGood)
    case "same bad", "both bad", "both are bad", "neither", "tie (bothbad)":
      return Outcome(verdict: .sameBad)
    case "tie", "same", "equal", "draw", "no preference":
      return Outcome(verdict: .sameGood, isTieKindAssumed: true)
    default:
      switch answers.place(of: name) {
      case 0: return Outcome(verdict: .aIsBetter)
      case 1: return Outcome(verdict: .bIsBetter)
      default: return nil
      }
    }
  }

  /// What is expected of a label, for messages.
  static func expected(_ answers: ComparedAnswers) -> String {
    "'\(answers.answers[0].name)', '\(answers.answers[1].name)', 'A', 'B', 'tie' or a verdict"
  }
}
