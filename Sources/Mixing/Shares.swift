/// How many records each source gives after the filters.
enum Shares {
  /// The sizes by quota or by weight.
  ///
  /// Weights share out the splits' total; what a source cannot give is shared out among the others,
  /// by their weights. Fractions go to the largest remainders (Hamilton's method), then by order.
  ///
  /// - Parameters:
  ///   - recipe: the recipe.
  ///   - available: how many records each source has.
  /// - Returns: how many of each are taken.
  static func sizes(of recipe: Recipe, available: [Int]) -> [Int] {
    var weights: [Double] = []
    for (rule, count) in zip(recipe.sources, available) {
      if case .weight(let weight) = rule.share { weights.append(count > 0 ? weight : 0) }
    }
    guard weights.count == available.count else {
      return zip(recipe.sources, available).map { rule, count in
        if case .quota(let quota) = rule.share { min(quota, count) } else { count }
      }
    }
    var sizes = [Int](repeating: 0, count: available.count)
    var total = recipe.trainSize + recipe.devSize + recipe.testSize
    var open = sizes.indices.filter { weights[$0] > 0 }
    while !open.isEmpty && total > 0 {
      // Dividing by the largest one first keeps sums of huge weights finite.
      let largest = open.reduce(0) { max($0, weights[$1]) }
      let sum = open.reduce(0) { $0 + weights[$1] / largest }
      let parts = open.map { Double(total) * (weights[$0] / largest / sum) }
      let short = zip(open, parts).filter { Double(available[$0.0]) < $0.1 }.map(\.0)
      if short.isEmpty {
        for (source, part) in zip(open, parts) { sizes[source] = Int(part) }
        let rest = total - open.reduce(0) { $0 + sizes[$1] }
        let byRemainder = zip(open, parts).sorted {
          ($1.1 - $1.1.rounded(.down), $0.0) < ($0.1 - $0.1.rounded(.down), $1.0)
        }
        for (source, _) in byRemainder.prefix(max(0, rest)) {
          sizes[source] = min(sizes[source] + 1, available[source])
        }
        break
      }
      for source in short {
        sizes[source] = available[source]
        total -= available[source]
      }
      open.removeAll { short.contains($0) }
    }
    return sizes
  }
}
