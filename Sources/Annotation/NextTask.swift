/// What a person gets who asks for a task.
package enum NextTask: Sendable, Equatable {
  /// Why there is none.
  package enum Reason: String, Sendable, CaseIterable {
    /// The person has voted on all there is.
    case finished
    /// The person has given as many votes as they may.
    case quotaReached = "quota_reached"
    /// What is left is with others; some of it may come back.
    case waiting
    /// The person did not pass the qualification round.
    case notQualified = "not_qualified"
    /// The queue is paused or closed.
    case paused
  }

  /// A task.
  case task(AnnotationTask)
  /// None.
  case none(Reason)
}
