/// Divides work into parts of bounded size, the longest items first.
///
/// Within a part, models make batches of their own; between parts the user can stop.
struct WorkPlan {
  /// The tokens of a part: some seconds of a large model.
  static let tokenBudget = 16_384

  /// The numbers of the items of each part.
  let parts: [[Int]]

  /// Divides items.
  ///
  /// - Parameters:
  ///   - costs: what each item costs, such as its tokens.
  ///   - budget: the most that a part costs; a costlier item has a part of its own.
  init(costs: [Int], budget: Int = WorkPlan.tokenBudget) {
    let order = costs.indices.sorted { (costs[$1], $0) < (costs[$0], $1) }
    var parts: [[Int]] = []
    var sum = 0
    for index in order {
      if let last = parts.indices.last, sum + costs[index] <= budget {
        parts[last].append(index)
        sum += costs[index]
      } else {
        parts.append([index])
        sum = costs[index]
      }
    }
    self.parts = parts
  }
}
