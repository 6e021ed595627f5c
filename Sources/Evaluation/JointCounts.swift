/// How often each pair of small whole numbers occurred: enough for exact correlations.
struct JointCounts: Sendable {
  private var counts: [Pair: Int] = [:]
  /// The number of pairs.
  private(set) var total = 0

  private struct Pair: Hashable {
    let x: Int
    let y: Int
  }

  mutating func add(_ x: Int, _ y: Int) {
    counts[Pair(x: x, y: y), default: 0] += 1
    total += 1
  }

  /// Pearson's correlation; `nil` when one side is constant.
  var pearson: Double? {
    correlation {
      Double($0)
    } _: {
      Double($0)
    }
  }

  /// Spearman's correlation with average ranks for ties; `nil` when one side is constant.
  var spearman: Double? {
    let x = averageRanks(counts.map { ($0.key.x, $0.value) })
    let y = averageRanks(counts.map { ($0.key.y, $0.value) })
    return correlation {
      x[$0] ?? 0
    } _: {
      y[$0] ?? 0
    }
  }

  private func averageRanks(_ values: [(value: Int, count: Int)]) -> [Int: Double] {
    var marginal: [Int: Int] = [:]
    for (value, count) in values { marginal[value, default: 0] += count }
    var ranks: [Int: Double] = [:]
    var smaller = 0
    for value in marginal.keys.sorted() {
      let equal = marginal[value] ?? 0
      ranks[value] = Double(smaller) + Double(equal + 1) / 2
      smaller += equal
    }
    return ranks
  }

  private func correlation(_ x: (Int) -> Double, _ y: (Int) -> Double) -> Double? {
    // Sorted, since sums of floating-point numbers depend on their order.
    let pairs = counts.sorted { ($0.key.x, $0.key.y) < ($1.key.x, $1.key.y) }
    guard let first = pairs.first, pairs.contains(where: { $0.key.x != first.key.x }),
      pairs.contains(where: { $0.key.y != first.key.y })
    else { return nil }
    var mean = (x: 0.0, y: 0.0)
    for (pair, count) in pairs {
      mean.x += x(pair.x) * Double(count) / Double(total)
      mean.y += y(pair.y) * Double(count) / Double(total)
    }
    var sums = (xx: 0.0, yy: 0.0, xy: 0.0)
    for (pair, count) in pairs {
      let dx = x(pair.x) - mean.x
      let dy = y(pair.y) - mean.y
      sums.xx += dx * dx * Double(count)
      sums.yy += dy * dy * Double(count)
      sums.xy += dx * dy * Double(count)
    }
    return min(1, max(-1, sums.xy / (sums.xx * sums.yy).squareRoot()))
  }
}
