/// What a model says about a pair of texts.
package enum NeuralScore: Sendable, Equatable {
  /// One number.
  case number(Double)
  /// Precision, recall and F.
  case matching(BERTScore)

  /// The number that candidates are compared by: the number itself, or F.
  package var number: Double {
    switch self {
    case .number(let value): value
    case .matching(let score): score.f
    }
  }
}
