/// What is answered to a vote; it is in the store then and survives a power cut.
package struct VoteReceipt: Sendable, Equatable {
  /// What a person learns after an item of a qualification round.
  package struct Feedback: Sendable, Equatable {
    /// Whether the vote was the expected one.
    package let isCorrect: Bool
    /// The expected answer in words, by the labels the person saw.
    package let expected: String
    /// Why; empty when nothing was written down.
    package let explanation: String

    /// Feedback.
    package init(isCorrect: Bool, expected: String, explanation: String) {
      self.isCorrect = isCorrect
      self.expected = expected
      self.explanation = explanation
    }
  }

  /// The vote's row.
  package let voteID: Int64
  /// Whether the same vote had arrived before.
  package let isRepeated: Bool
  /// The person's votes in the queue.
  package let done: Int
  /// `nil` unless the item teaches.
  package let feedback: Feedback?

  /// A receipt.
  package init(voteID: Int64, isRepeated: Bool, done: Int, feedback: Feedback?) {
    self.voteID = voteID
    self.isRepeated = isRepeated
    self.done = done
    self.feedback = feedback
  }
}
