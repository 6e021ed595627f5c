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
    let distances = weights.wholeDistances(categories)
    let sums = pairs.map { KappaSums($0.table, distances) }
    let kappas = sums.map(\.kappa)
    let defined = kappas.compactMap { $0 }
    guard !defined.isEmpty else { return .undefined }
    let sum = defined.reduce(0, +)
    let value = sum / Double(defined.count)
    var estimates: [Double] = []
    var place = 0
    while place < meetings.count {
      let item = meetings[place].item
      var sumWithout = sum
      var countWithout = defined.count
      while place < meetings.count, meetings[place].item == item {
        let meeting = meetings[place]
        if let kappa = kappas[meeting.pair] {
          sumWithout -= kappa
          countWithout -= 1
        }
        if let kappa = sums[meeting.pair].kappa(without: meeting.first, meeting.second) {
          sumWithout += kappa
          countWithout += 1
        }
        place += 1
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
    let item: Int
    let pair: Int
    let first: Int
    let second: Int
  }

  /// All pairs of raters, and all their meetings, those of one item together.
  private func collectedPairs() -> (pairs: [RaterPair], meetings: [Meeting]) {
    // Ratings by item, each item's in the order in which they were added.
    var ends = [Int](repeating: 0, count: items)
    var total = 0
    for item in 0..<items {
      ends[item] = total
      total += ratingCounts[item]
    }
    var sorted = [Int](repeating: 0, count: ratings.count)
    for (number, rating) in ratings.enumerated() {
      sorted[ends[rating.item]] = number
      ends[rating.item] += 1
    }
    var numbers: [Int: Int] = [:]
    var pairs: [RaterPair] = []
    var meetings: [Meeting] = []
    for item in 0..<items {
      let places = (ends[item] - ratingCounts[item])..<ends[item]
      for place in places {
        for other in (place + 1)..<max(places.upperBound, place + 1) {
          let (left, right) = (ratings[sorted[place]], ratings[sorted[other]])
          let isInOrder = raterIDs[left.rater] < raterIDs[right.rater]
          let (first, second) = isInOrder ? (left, right) : (right, left)
          let key = first.rater * raters + second.rater
          let number = numbers[key] ?? pairs.count
          if number == pairs.count {
            numbers[key] = number
            pairs.append(
              RaterPair(
                first: raterIDs[first.rater], second: raterIDs[second.rater],
                table: ContingencyTable(categories: categories)))
          }
          pairs[number].table.add(first.category, second.category)
          meetings.append(
            Meeting(
              item: item, pair: number, first: first.category, second: second.category))
        }
      }
    }
    return (pairs, meetings)
  }
}
