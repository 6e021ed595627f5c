extension RatingTable {
  /// Two raters with the items that both rated.
  package struct RaterPair: Sendable, Equatable {
    /// The rater with the smaller number.
    package let first: Int64
    /// The other one.
    package let second: Int64
    /// Their categories, rows by the first rater.
    package internal(set) var table: ContingencyTable
  }

  /// Every two raters with a common item, in the order of their numbers.
  package var pairs: [RaterPair] {
    collectedPairs().pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  /// Cohen's kappa of two raters; of more, the mean over all pairs of raters that define one.
  package var cohenKappa: AgreementEstimate { cohenKappa() }

  /// Cohen's kappa of two raters; of more, the mean over all pairs of raters that define one.
  ///
  /// Source: ``ContingencyTable`` for two raters. The mean: R. J. Light, Measures of Response
  /// Agreement for Qualitative Data (1971); as no reference gives an interval for it, the variance is
  /// the jackknife's over items (J. W. Tukey, Bias and Confidence in Not-Quite Large Samples, 1958)
  /// with Student's t. Each pair counts once, however many items it has.
  ///
  /// - Parameter weights: how much different categories agree.
  /// - Returns: kappa; undefined when no pair of raters defines one.
  package func cohenKappa(_ weights: AgreementWeights = .identity) -> AgreementEstimate {
    let (pairs, meetings) = collectedPairs()
    if raters == 2, let pair = pairs.first { return pair.table.kappa(weights) }
    let distances = weights.distances(categories)
    let kappas = pairs.map { $0.table.kappa(distances) }
    let defined = kappas.compactMap { $0 }
    guard !defined.isEmpty else { return .undefined }
    let sum = defined.reduce(0, +)
    let value = sum / Double(defined.count)
    var estimates: [Double] = []
    for item in meetings where !item.isEmpty {
      var sumWithout = sum
      var countWithout = defined.count
      for meeting in item {
        if let kappa = kappas[meeting.pair] {
          sumWithout -= kappa
          countWithout -= 1
        }
        var table = pairs[meeting.pair].table
        table.add(meeting.first, meeting.second, count: -1)
        if let kappa = table.kappa(distances) {
          sumWithout += kappa
          countWithout += 1
        }
      }
      // Without this item nothing could be told: no spread either.
      guard countWithout > 0 else { return AgreementEstimate(value, variance: nil, freedom: nil) }
      estimates.append(sumWithout / Double(countWithout))
    }
    let n = Double(estimates.count)
    guard n > 1 else { return AgreementEstimate(value, variance: nil, freedom: nil) }
    let mean = estimates.reduce(0, +) / n
    let squares = estimates.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return AgreementEstimate(
      value, variance: squares * (n - 1) / n, freedom: estimates.count - 1)
  }

  /// Two raters on one item.
  private struct Meeting {
    let pair: Int
    let first: Int
    let second: Int
  }

  /// All pairs of raters, and for each item its pairs with their categories.
  private func collectedPairs() -> (pairs: [RaterPair], meetings: [[Meeting]]) {
    var byItem = [[Rating]](repeating: [], count: items)
    for rating in ratings { byItem[rating.item].append(rating) }
    var numbers: [[Int]: Int] = [:]
    var pairs: [RaterPair] = []
    let meetings = byItem.map { ratings in
      ratings.indices.flatMap { place in
        ratings[(place + 1)...].map { other -> Meeting in
          let isInOrder = raterIDs[ratings[place].rater] < raterIDs[other.rater]
          let (first, second) = isInOrder ? (ratings[place], other) : (other, ratings[place])
          let key = [first.rater, second.rater]
          let number = numbers[key] ?? pairs.count
          if number == pairs.count {
            numbers[key] = number
            pairs.append(
              RaterPair(
                first: raterIDs[first.rater], second: raterIDs[second.rater],
                table: ContingencyTable(categories: categories)))
          }
          pairs[number].table.add(first.category, second.category)
          return Meeting(pair: number, first: first.category, second: second.category)
        }
      }
    }
    return (pairs, meetings)
  }
}
