/// A task as it is shown: nothing in it tells a model, an example, a gold item or a repeat.
package struct AnnotationTask: Sendable, Equatable {
  /// One answer.
  package struct Answer: Sendable, Equatable {
    /// `A` for the first one shown, `B` for the next…
    package let label: String
    /// Its text, untrusted.
    package let text: String

    /// An answer.
    package init(label: String, text: String) {
      self.label = label
      self.text = text
    }
  }

  /// The row of the assignment: this task for this person.
  package let assignmentID: Int64
  /// The queue's row.
  package let queueID: Int64
  /// What is asked.
  package let kind: QueueKind
  /// When the task goes to somebody else.
  package let leaseExpiresAt: AnnotationTime
  /// The instruction, untrusted.
  package let instruction: String
  /// The instruction's input, untrusted; often empty.
  package let input: String
  /// The answers in the order they are shown.
  package let answers: [Answer]
  /// The rubric; empty unless answers are rated.
  package let criteria: [RatingCriterion]

  /// A task.
  package init(
    assignmentID: Int64, queueID: Int64, kind: QueueKind, leaseExpiresAt: AnnotationTime,
    instruction: String, input: String, answers: [Answer], criteria: [RatingCriterion]
  ) {
    self.assignmentID = assignmentID
    self.queueID = queueID
    self.kind = kind
    self.leaseExpiresAt = leaseExpiresAt
    self.instruction = instruction
    self.input = input
    self.answers = answers
    self.criteria = criteria
  }

  /// The label of the answer at a place: `A`…`Z`, then `A1`…
  package static func label(_ place: Int) -> String {
    let letter = String(UnicodeScalar(UInt8(65 + place % 26)))
    return place < 26 ? letter : letter + String(place / 26)
  }
}
