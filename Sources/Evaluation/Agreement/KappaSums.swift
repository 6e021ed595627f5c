/// The sums that Cohen's kappa is made of, from which single items can be taken away again.
struct KappaSums {
  private let categories: Int
  private let distances: [Double]
  private let total: Double
  /// The distance of all items' categories.
  private let observed: Double
  /// The distance of the first rater's categories from the second one's, all with all.
  private let expected: Double
  /// The distance of each of the first rater's categories from all of the second one's.
  private var fromFirst: [Double]
  /// The distance of each of the second rater's categories from all of the first one's.
  private var fromSecond: [Double]

  /// The sums of a table; whole distances make them exact.
  init(_ table: ContingencyTable, _ distances: [Double]) {
    categories = table.categories
    self.distances = distances
    total = Double(table.total)
    let (rows, columns) = table.margins
    fromFirst = [Double](repeating: 0, count: categories)
    fromSecond = fromFirst
    var observed = 0.0
    var expected = 0.0
    for row in 0..<categories {
      for column in 0..<categories {
        let distance = distances[row * categories + column]
        observed += distance * Double(table.counts[row * categories + column])
        fromFirst[row] += distance * Double(columns[column])
        fromSecond[column] += distance * Double(rows[row])
      }
      expected += fromFirst[row] * Double(rows[row])
    }
    self.observed = observed
    self.expected = expected
  }

  /// Kappa; `nil` without items and when both gave one and the same category only.
  var kappa: Double? { expected > 0 ? 1 - observed * total / expected : nil }

  /// Kappa without one item on which the raters gave these categories.
  func kappa(without first: Int, _ second: Int) -> Double? {
    let distance = distances[first * categories + second]
    let expected = expected - fromFirst[first] - fromSecond[second] + distance
    return expected > 0 ? 1 - (observed - distance) * (total - 1) / expected : nil
  }
}
