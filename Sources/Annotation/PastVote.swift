/// A vote of a person's own, for the person to look at.
package struct PastVote: Sendable, Equatable {
  /// The vote's row.
  package let voteID: Int64
  /// The assignment's row.
  package let assignmentID: Int64
  /// The beginning of the instruction, untrusted.
  package let excerpt: String
  /// What was said, by the labels the person saw.
  package let answer: VoteSubmission.Answer
  /// The remark.
  package let note: String?
  /// When it was given.
  package let createdAt: AnnotationTime

  /// A past vote.
  package init(
    voteID: Int64, assignmentID: Int64, excerpt: String, answer: VoteSubmission.Answer,
    note: String?, createdAt: AnnotationTime
  ) {
    self.voteID = voteID
    self.assignmentID = assignmentID
    self.excerpt = excerpt
    self.answer = answer
    self.note = note
    self.createdAt = createdAt
  }
}
