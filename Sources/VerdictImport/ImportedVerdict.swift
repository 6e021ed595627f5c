package import Records

/// A verdict from somebody else's file, on the candidates in the order they were shown.
package struct ImportedVerdict: Sendable, Equatable {
  /// What a file says of the example that was judged.
  package enum Subject: Sendable, Hashable {
    /// The example's identifier, or a question's number as text.
    case id(String)
    /// The whole instruction.
    case instruction(String)
  }

  /// Who gave a verdict, as far as the format says.
  package enum JudgeKind: Sendable, Equatable {
    /// A person.
    case human
    /// A language model.
    case model
  }

  /// The example.
  package var subject: Subject
  /// The model shown as A; `nil` when the file has only its text.
  package var modelA: String?
  /// The model shown as B; `nil` when the file has only its text.
  package var modelB: String?
  /// The verdict; `nil` when the judgment failed, and then `problem` says how.
  package var verdict: Verdict?
  /// Who judged.
  package var judge: String
  /// The judge's own text, when the file has it.
  package var raw: String?
  /// The strength of the preference, from 1 (A) to 2 (B), when the file has a number.
  package var preference: Double?
  /// The judged turn of a conversation, from 1; `nil` when the file does not say.
  package var turn: Int?
  /// Whether `verdict` is a tie of which the file does not say if both are good or both bad.
  package var isTieKindAssumed: Bool
  /// Why there is no verdict.
  package var problem: String?
  /// What the judge is; `nil` when the format does not say.
  package var kind: JudgeKind?
  /// The text shown as A, when the file has it.
  package var textA: String?
  /// The text shown as B, when the file has it.
  package var textB: String?

  /// A verdict.
  package init(
    subject: Subject, modelA: String?, modelB: String?, verdict: Verdict?, judge: String,
    raw: String? = nil, preference: Double? = nil, turn: Int? = nil,
    isTieKindAssumed: Bool = false, problem: String? = nil, kind: JudgeKind? = nil,
    textA: String? = nil, textB: String? = nil
  ) {
    self.subject = subject
    self.modelA = modelA
    self.modelB = modelB
    self.verdict = verdict
    self.judge = judge
    self.raw = raw
    self.preference = preference
    self.turn = turn
    self.isTieKindAssumed = isTieKindAssumed
    self.problem = problem
    self.kind = kind
    self.textA = textA
    self.textB = textB
  }
}
