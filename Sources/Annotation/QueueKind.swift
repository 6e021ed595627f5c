/// What people are asked in a queue.
package enum QueueKind: String, Sendable, CaseIterable {
  /// Which of two answers is better.
  case pair
  /// How good each answer is, from 1 to 5 on named criteria.
  case rating
  /// How the answers are ordered, the best first.
  case ranking
}
