package import Records

/// A vote as the page sends it.
package struct VoteSubmission: Sendable, Equatable {
  /// What the person says.
  package enum Answer: Sendable, Equatable {
    /// Of a pair: A is the answer shown as A.
    case verdict(Verdict)
    /// By label and criterion, 1...5.
    case ratings([String: [String: Int]])
    /// Groups of labels, the best first; ties share a group.
    case order([[String]])
    /// Nothing, for a reason.
    case skip(SkipReason)
  }

  /// The assignment's row.
  package let assignmentID: Int64
  /// A UUID of the page's own; a vote that is sent twice has the same one and counts once.
  package let clientKey: String
  /// What the person says.
  package let answer: Answer
  /// A remark, at most 2,000 characters; `nil` for none.
  package let note: String?
  /// How long the person looked at the task.
  package let milliseconds: Int

  /// A vote.
  package init(
    assignmentID: Int64, clientKey: String, answer: Answer, note: String?, milliseconds: Int
  ) {
    self.assignmentID = assignmentID
    self.clientKey = clientKey
    self.answer = answer
    self.note = note
    self.milliseconds = milliseconds
  }
}
