/// A passage of a candidate that looks as if it spoke to the judge instead of answering.
///
/// It is a flag for people who review verdicts: an answer may speak of verdicts for good reasons.
package struct DictationSuspicion: Sendable, Hashable {
  /// Which candidate, as shown.
  package enum Side: String, Sendable, Hashable {
    /// The candidate shown as A.
    case a = "A"
    /// The candidate shown as B.
    case b = "B"
  }

  /// What the passage looks like.
  package enum Kind: String, Sendable, CaseIterable, Hashable {
    /// `[[A]]` and the like.
    case verdictMark = "verdict-mark"
    /// "A is better", "Candidate B is the better answer", "Same good"…
    case verdictPhrase = "verdict-phrase"
    /// A JSON member `"verdict"`.
    case verdictJSON = "verdict-json"
    /// "Ignore the above", "disregard all previous instructions"…
    case overrideInstruction = "override-instruction"
    /// "Answer 1", "choose option 2", "output (B)"…
    case dictatedAnswer = "dictated-answer"
    /// A line like those around the texts, or a chat template's control token.
    case fakeFrame = "fake-frame"
    /// A placeholder of prompt files, such as `{candidate_b}`.
    case placeholder
  }

  /// The candidate that holds the passage.
  package let side: Side
  /// What it looks like.
  package let kind: Kind
  /// The passage, cut to 60 characters.
  package let excerpt: String
}
