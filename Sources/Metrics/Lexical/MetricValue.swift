/// What a metric says about a candidate.
package enum MetricValue: Sendable, Equatable {
  /// One number.
  case number(Double)
  /// Precision, recall and f.
  case rouge(RougeScore)

  /// The number that candidates are compared by: the number itself, or f.
  package var number: Double {
    switch self {
    case .number(let value): value
    case .rouge(let score): score.f
    }
  }
}
