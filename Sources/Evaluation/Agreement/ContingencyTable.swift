/// How often each pair of categories was given to one item by two raters.
///
/// Source: J. Cohen, A Coefficient of Agreement for Nominal Scales (1960), and Weighted Kappa (1968);
/// the standard error is that of J. L. Fleiss, J. Cohen, B. S. Everitt, Large Sample Standard Errors
/// of Kappa and Weighted Kappa (1969), for items that are independent of one another, with a normal
/// interval, as statsmodels 0.15 computes both in `cohens_kappa`.
package struct ContingencyTable: Sendable, Equatable {
  /// The number of categories.
  package let categories: Int
  /// The counts, [categories, categories], rows by the first rater.
  package private(set) var counts: [Int]
  /// The number of items.
  package private(set) var total = 0

  /// No items yet.
  package init(categories: Int) {
    self.categories = categories
    counts = [Int](repeating: 0, count: categories * categories)
  }

  /// Counts items on which the raters gave two categories.
  ///
  /// - Parameters:
  ///   - first: the first rater's category, from 0.
  ///   - second: the second rater's.
  ///   - count: how many items more there are of them; fewer when negative.
  package mutating func add(_ first: Int, _ second: Int, count: Int = 1) {
    counts[first * categories + second] += count
    total += count
  }

  /// The same items with all categories from `limit` on made one.
  package func merging(from limit: Int) -> ContingencyTable {
    var result = ContingencyTable(categories: limit + 1)
    for row in 0..<categories {
      for column in 0..<categories {
        result.add(min(row, limit), min(column, limit), count: counts[row * categories + column])
      }
    }
    return result
  }

  /// The number of items on which both raters gave the same category.
  package var same: Int {
    (0..<categories).reduce(0) { $0 + counts[$1 * categories + $1] }
  }

  /// The share of items with the same category.
  package var agreement: Proportion { Proportion(same, of: total) }

  /// Cohen's kappa; undefined without items and when both gave one and the same category only.
  package func kappa(_ weights: AgreementWeights = .identity) -> AgreementEstimate {
    guard let kappa = KappaSums(self, weights.wholeDistances(categories)).kappa else {
      return .undefined
    }
    return AgreementEstimate(
      kappa, variance: variance(of: kappa, weights.distances(categories)), freedom: nil)
  }

  /// How many items each rater put into each category.
  var margins: (rows: [Int], columns: [Int]) {
    var rows = [Int](repeating: 0, count: categories)
    var columns = rows
    for row in 0..<categories {
      for column in 0..<categories {
        rows[row] += counts[row * categories + column]
        columns[column] += counts[row * categories + column]
      }
    }
    return (rows, columns)
  }

  private func variance(of kappa: Double, _ distances: [Double]) -> Double {
    let (rows, columns) = margins
    let n = Double(total)
    // The mean weight of each row's category against the columns' margins, and the reverse.
    var rowMeans = [Double](repeating: 0, count: categories)
    var columnMeans = rowMeans
    for row in 0..<categories {
      for column in 0..<categories {
        let weight = 1 - distances[row * categories + column]
        rowMeans[row] += weight * Double(columns[column]) / n
        columnMeans[column] += weight * Double(rows[row]) / n
      }
    }
    let chance = (0..<categories).reduce(0) { $0 + rowMeans[$1] * Double(rows[$1]) / n }
    var sum = 0.0
    for row in 0..<categories {
      for column in 0..<categories {
        let weight = 1 - distances[row * categories + column]
        let deviation = weight - (rowMeans[row] + columnMeans[column]) * (1 - kappa)
        sum += Double(counts[row * categories + column]) / n * deviation * deviation
      }
    }
    let offset = kappa - chance * (1 - kappa)
    return (sum - offset * offset) / (n * (1 - chance) * (1 - chance))
  }
}
