/// Why a person does not vote on a task.
package enum SkipReason: String, Sendable, CaseIterable {
  /// The instruction or the answers cannot be understood.
  case unclear
  /// The text is offensive.
  case offensive
  /// The text is too long to judge.
  case tooLong = "too_long"
  /// The text is in a language that the person does not read.
  case notMyLanguage = "not_my_language"
  /// Something else; the note may say what.
  case other
}
