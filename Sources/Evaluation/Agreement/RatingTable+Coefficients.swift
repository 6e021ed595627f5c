/// The scale of categories in Krippendorff's alpha.
package enum MeasurementLevel: String, Sendable, CaseIterable {
  /// Categories without order.
  case nominal
  /// Ordered categories, as far apart as there are ratings between them.
  case ordinal
  /// Categories at equal distances, 0 … q − 1.
  case interval
}

extension RatingTable {
  /// The share of agreeing pairs of ratings, averaged over items; 0 to 1.
  package var raw: AgreementEstimate { raw() }
  /// Fleiss' kappa for categories without order.
  package var fleissKappa: AgreementEstimate { fleissKappa() }
  /// Krippendorff's alpha for categories without order.
  package var krippendorffAlpha: AgreementEstimate { krippendorffAlpha() }
  /// Gwet's coefficient for categories without order, which is his AC1.
  package var gwetAC2: AgreementEstimate { gwetAC2() }

  /// The weighted share of agreeing pairs of ratings, averaged over items.
  ///
  /// The interval is Wilson's with an item as a trial: the usual one for two raters, and too wide
  /// rather than too narrow for more, whose shares lie between 0 and 1.
  ///
  /// - Parameter weights: how much different categories agree.
  /// - Returns: the share; undefined when no item has two ratings.
  package func raw(_ weights: AgreementWeights = .identity) -> AgreementEstimate {
    let distances = weights.distances(categories)
    let disagreements = pairDisagreements(distances)
    let compared = comparedItems
    guard compared > 0 else { return .undefined }
    let value = 1 - disagreements.reduce(0, +) / Double(compared)
    var squares = 0.0
    for item in 0..<items where ratingCounts[item] > 1 {
      let deviation = 1 - disagreements[item] - value
      squares += deviation * deviation
    }
    let variance = squares / (Double(compared) * Double(compared - 1))
    return AgreementEstimate(
      value: value, standardError: compared > 1 ? variance.squareRoot() : nil,
      interval: .wilson(min(1, max(0, value)), trials: Double(compared)))
  }

  /// Fleiss' kappa, for any number of raters and with missing ratings.
  ///
  /// Source: J. L. Fleiss, Measuring Nominal Scale Agreement among Many Raters (1971), extended to
  /// missing ratings, weights and a standard error by K. L. Gwet, Handbook of Inter-Rater Reliability,
  /// 4th edition (2014), as irrCAC 0.4.4 computes them in `CAC.fleiss`; without missing ratings equal
  /// to statsmodels' `fleiss_kappa`, which has no interval. Ours ends at -1 and 1.
  ///
  /// - Parameter weights: how much different categories agree.
  /// - Returns: kappa; undefined when no item has two ratings or only one category was given.
  package func fleissKappa(_ weights: AgreementWeights = .identity) -> AgreementEstimate {
    let distances = weights.distances(categories)
    let shares = categoryShares
    let means = products(distances, shares)
    let chance = zip(shares, means).reduce(0) { $0 + $1.0 * $1.1 }
    return corrected(distances, chance: chance) { item in
      let start = item * categories
      return (0..<categories).reduce(0) { $0 + Double(counts[start + $1]) * means[$1] }
        / Double(ratingCounts[item])
    }
  }

  /// Gwet's AC2, which for identity weights is his AC1.
  ///
  /// It counts all categories that could be given, also those that nobody gave.
  ///
  /// Source: K. L. Gwet, Computing Inter-Rater Reliability and Its Variance in the Presence of High
  /// Agreement (2008), and his handbook of 2014, as irrCAC 0.4.4 computes them in `CAC.gwet`. Our
  /// interval ends at -1.
  ///
  /// - Parameter weights: how much different categories agree.
  /// - Returns: the coefficient; undefined when no item has two ratings or there is but one category.
  package func gwetAC2(_ weights: AgreementWeights = .identity) -> AgreementEstimate {
    guard categories > 1 else { return .undefined }
    let distances = weights.distances(categories)
    let q = Double(categories)
    let factor = distances.reduce(0) { $0 + 1 - $1 } / (q * (q - 1))
    let shares = categoryShares
    let chance = factor * shares.reduce(0) { $0 + $1 * (1 - $1) }
    return corrected(distances, chance: 1 - chance) { item in
      let start = item * categories
      let mean =
        (0..<categories).reduce(0) { $0 + Double(counts[start + $1]) * (1 - shares[$1]) }
        / Double(ratingCounts[item])
      return 1 - factor * mean
    }
  }

  /// Krippendorff's alpha, over the items with two ratings or more.
  ///
  /// Source: K. Krippendorff, Content Analysis, 2nd edition (2004), chapter 11; equal to krippendorff
  /// 0.9 of PyPI. The standard error is Gwet's (2014) as in irrCAC 0.4.4, `CAC.krippendorff`; for
  /// ordinal data it takes the distances, which depend on all ratings, as given. Our interval ends at
  /// -1.
  ///
  /// - Parameter level: the scale of the categories.
  /// - Returns: alpha; undefined when no item has two ratings or these are of one category only.
  package func krippendorffAlpha(_ level: MeasurementLevel = .nominal) -> AgreementEstimate {
    let compared = (0..<items).filter { ratingCounts[$0] > 1 }
    var margins = [Int](repeating: 0, count: categories)
    for item in compared {
      for category in 0..<categories { margins[category] += counts[item * categories + category] }
    }
    let total = Double(margins.reduce(0, +))
    let n = Double(compared.count)
    let distances = self.distances(level, margins)
    let meanCount = total / n
    let shares = margins.map { Double($0) / total }
    let means = products(distances, shares)
    let chance = zip(shares, means).reduce(0) { $0 + $1.0 * $1.1 }
    guard !compared.isEmpty, chance > 0 else { return .undefined }
    // Each item's distance, weighted by its ratings so that the mean is the observed one.
    let observed = compared.map { item in
      disagreement(ofItem: item, distances) / (meanCount * Double(ratingCounts[item] - 1))
    }
    let mean = observed.reduce(0, +) / n
    let value = 1 - (1 - 1 / total) * mean / chance
    let uncorrected = 1 - mean / chance
    let agreement = 1 - (1 - 1 / total) * mean
    var squares = 0.0
    for (place, item) in compared.enumerated() {
      let count = Double(ratingCounts[item])
      let excess = (count - meanCount) / meanCount
      let own = count / meanCount - observed[place] - agreement * excess
      let distance =
        (0..<categories).reduce(0) { $0 + Double(counts[item * categories + $1]) * means[$1] }
        / meanCount
      let expected = count / meanCount - distance - (1 - chance) * excess
      let influence =
        (own - (1 - chance)) / chance
        - 2 * (1 - uncorrected) * (expected - (1 - chance)) / chance
      squares += (influence - uncorrected) * (influence - uncorrected)
    }
    return AgreementEstimate(
      value, variance: compared.count > 1 ? squares / (n * (n - 1)) : nil,
      freedom: compared.count - 1)
  }

  // MARK: Parts

  /// A coefficient 1 − observed / expected distance with Gwet's linearised variance.
  ///
  /// - Parameters:
  ///   - distances: of the categories.
  ///   - chance: the distance that chance gives.
  ///   - share: an item's part in `chance`, whose mean over all items it is.
  /// - Returns: the coefficient.
  private func corrected(
    _ distances: [Double], chance: Double, share: (Int) -> Double
  ) -> AgreementEstimate {
    let compared = comparedItems
    guard compared > 0, chance > 0 else { return .undefined }
    let disagreements = pairDisagreements(distances)
    let value = 1 - disagreements.reduce(0, +) / Double(compared) / chance
    let n = Double(items)
    var squares = 0.0
    for item in 0..<items {
      // An item with one rating shows no agreement, but its category counts towards chance.
      let own =
        ratingCounts[item] > 1
        ? n / Double(compared) * (chance - disagreements[item]) / chance : 0
      let influence = own - 2 * (1 - value) * (chance - share(item)) / chance
      squares += (influence - value) * (influence - value)
    }
    return AgreementEstimate(
      value, variance: items > 1 ? squares / (n * (n - 1)) : nil, freedom: items - 1)
  }

  /// The mean distance of the pairs of each item's ratings; 0 for an item with one rating.
  private func pairDisagreements(_ distances: [Double]) -> [Double] {
    (0..<items).map { item in
      let count = Double(ratingCounts[item])
      return count > 1 ? disagreement(ofItem: item, distances) / (count * (count - 1)) : 0
    }
  }

  /// The share of each category, averaged over items.
  private var categoryShares: [Double] {
    var shares = [Double](repeating: 0, count: categories)
    for item in 0..<items {
      let count = Double(ratingCounts[item])
      for category in 0..<categories {
        shares[category] += Double(counts[item * categories + category]) / count
      }
    }
    return shares.map { $0 / Double(items) }
  }

  private func products(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    (0..<categories).map { row in
      (0..<categories).reduce(0) { $0 + matrix[row * categories + $1] * vector[$1] }
    }
  }

  /// The distances of Krippendorff's levels, at most 1; alpha does not depend on their scale.
  private func distances(_ level: MeasurementLevel, _ margins: [Int]) -> [Double] {
    switch level {
    case .nominal: return AgreementWeights.identity.distances(categories)
    case .interval: return AgreementWeights.quadratic.distances(categories)
    case .ordinal:
      var result = [Double](repeating: 0, count: categories * categories)
      for row in 0..<categories {
        var between = Double(margins[row]) / 2
        for column in (row + 1)..<max(categories, row + 1) {
          let half = Double(margins[column]) / 2
          let distance = (between + half) * (between + half)
          between += 2 * half
          result[row * categories + column] = distance
          result[column * categories + row] = distance
        }
      }
      let widest = result.max() ?? 0
      return widest > 0 ? result.map { $0 / widest } : result
    }
  }
}
