package import Records

/// Tasks on which people's votes differ, some of them at a time.
package struct ConflictPage: Sendable, Equatable {
  /// An answer with its model: administrators see it.
  package struct Answer: Sendable, Equatable {
    /// `A` for the first in the task's own order, whatever sides people saw.
    package let label: String
    /// Its text, untrusted.
    package let text: String
    /// The model.
    package let model: String

    /// An answer.
    package init(label: String, text: String, model: String) {
      self.label = label
      self.text = text
      self.model = model
    }
  }

  /// A vote in the order of the conflict's answers.
  package struct Vote: Sendable, Equatable {
    /// The person's name.
    package let person: String
    /// The verdict.
    package let verdict: Verdict
    /// The remark, untrusted.
    package let note: String?
    /// When it was given.
    package let createdAt: AnnotationTime

    /// A vote.
    package init(person: String, verdict: Verdict, note: String?, createdAt: AnnotationTime) {
      self.person = person
      self.verdict = verdict
      self.note = note
      self.createdAt = createdAt
    }
  }

  /// A task.
  package struct Conflict: Sendable, Equatable {
    /// The task's row.
    package let taskID: Int64
    /// The instruction, untrusted.
    package let instruction: String
    /// The instruction's input, untrusted.
    package let input: String
    /// The answers.
    package let answers: [Answer]
    /// The votes that stand.
    package let votes: [Vote]
    /// The decision, once there is one.
    package let adjudication: Vote?

    /// A conflict.
    package init(
      taskID: Int64, instruction: String, input: String, answers: [Answer], votes: [Vote],
      adjudication: Vote?
    ) {
      self.taskID = taskID
      self.instruction = instruction
      self.input = input
      self.answers = answers
      self.votes = votes
      self.adjudication = adjudication
    }
  }

  /// The tasks in conflict, adjudicated ones among them.
  package let total: Int
  /// Those of this page, those without a decision first.
  package let conflicts: [Conflict]

  /// A page.
  package init(total: Int, conflicts: [Conflict]) {
    self.total = total
    self.conflicts = conflicts
  }
}
