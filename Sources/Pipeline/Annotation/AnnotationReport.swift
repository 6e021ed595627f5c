package import Annotation

/// What there is to say of a store's annotation.
package struct AnnotationReport: Sendable, Equatable {
  /// One queue.
  package struct Queue: Sendable, Equatable {
    /// How far it is.
    package let overview: QueueOverview
    /// How much its people agree.
    package let agreement: AgreementFigures
  }

  /// The queues.
  package let queues: [Queue]
  /// Everybody's work.
  package let people: [PersonFigures]
  /// The judges of the store against most people.
  package let judges: [JudgeConfusion]
}
