/// How much two different categories agree, from 0 to 1; equal ones agree fully.
///
/// Source: K. L. Gwet, Handbook of Inter-Rater Reliability, 4th edition (2014), chapter 3, for the
/// categories 1 … q.
package enum AgreementWeights: String, Sendable, CaseIterable {
  /// Different categories do not agree: for categories without an order.
  case identity
  /// 1 − |k − l| / (q − 1).
  case linear
  /// 1 − (k − l)² / (q − 1)².
  case quadratic
  /// 1 − M(k, l) / M(1, q) with M the number of pairs of categories between k and l.
  case ordinal

  /// How far categories are from one another, one minus their weight, [categories, categories].
  ///
  /// - Parameter categories: the number of categories.
  /// - Returns: the distances, symmetric, 0 on the diagonal, at most 1.
  func distances(_ categories: Int) -> [Double] {
    let whole = wholeDistances(categories)
    // With one category there is nothing but the diagonal.
    let widest = max(1, whole.max() ?? 1)
    return whole.map { $0 / widest }
  }

  /// The same distances times the smallest number that makes all of them whole, so that sums of them
  /// are exact.
  func wholeDistances(_ categories: Int) -> [Double] {
    var result = [Double](repeating: 0, count: categories * categories)
    for row in 0..<categories {
      for column in 0..<categories where row != column {
        let steps = Double(abs(row - column))
        result[row * categories + column] =
          switch self {
          case .identity: 1
          case .linear: steps
          case .quadratic: steps * steps
          case .ordinal: steps * (steps + 1) / 2
          }
      }
    }
    return result
  }
}
