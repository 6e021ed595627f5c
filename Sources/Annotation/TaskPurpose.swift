/// What a task is for.
package enum TaskPurpose: String, Sendable, CaseIterable {
  /// Its votes are what is wanted.
  case normal
  /// Its answer is known: a check on the person, not told from the others.
  case gold
  /// Its answer is known: people prove themselves on it before they get other tasks.
  case qualification
}
