/// Whether a queue gives tasks.
package enum QueueState: String, Sendable, CaseIterable {
  /// It gives tasks.
  case open
  /// It gives none for now; votes on tasks that were given are taken.
  case paused
  /// It gives none any more; votes on tasks that were given are taken.
  case closed
}
