internal import Records

/// A mean with the number of things it was taken over.
package struct MeanValue: Sendable, Equatable {
  /// The mean; `nil` over nothing.
  package let value: Double?
  /// How many things were averaged; a fraction where a random choice may not count.
  package let count: Double

  /// No mean.
  static let none = MeanValue(value: nil, count: 0)

  init(value: Double?, count: Double) {
    self.value = value
    self.count = count
  }
}

/// A sum and the number of its terms.
struct Tally: Sendable {
  var sum = 0.0
  var count = 0.0

  mutating func add(_ value: Double, count: Double = 1) {
    sum += value
    self.count += count
  }

  func mean(scale: Double = 1) -> MeanValue {
    MeanValue(value: count > 0 ? scale * sum / count : nil, count: count)
  }
}

/// The sums behind one row of the main table.
struct RowAccumulator: Sendable {
  private(set) var examples = 0
  private(set) var metrics: [Tally]
  private(set) var rank = Tally()
  private(set) var topThree = Tally()
  /// Per global model: how often the choice is at least as good as it.
  private(set) var byRank: [Tally] = []
  private(set) var byVerdict: [Tally] = []

  init(metrics count: Int) { metrics = [Tally](repeating: Tally(), count: count) }

  /// Adds the choice of one candidate.
  mutating func add(choice: Int, of example: ResolvedExample, ties: TiePolicy) {
    examples += 1
    for (metric, values) in example.metrics.enumerated() {
      if let value = values[choice] { metrics[metric].add(value) }
    }
    addStanding(example.ranks[choice], in: example)
    grow(for: example)
    for (other, model) in example.models.enumerated() {
      let credit = Self.credit(of: choice, against: other, in: example, ties: ties)
      if let credit { byVerdict[model].add(credit.value * credit.weight, count: credit.weight) }
    }
  }

  /// Adds the expectation of a uniformly random choice.
  mutating func addRandomChoice(of example: ResolvedExample, ties: TiePolicy) {
    guard example.count > 0 else { return }
    examples += 1
    let share = 1 / Double(example.count)
    for (metric, values) in example.metrics.enumerated() {
      let known = values.compactMap { $0 }
      if !known.isEmpty { metrics[metric].add(known.reduce(0, +) / Double(known.count)) }
    }
    grow(for: example)
    if example.isRanked {
      rank.add(Double(example.ranks.reduce(0, +)) * share)
      topThree.add(Double(example.ranks.count { $0 <= 3 }) * share)
    }
    for (other, model) in example.models.enumerated() {
      if example.isRanked {
        let atLeast = example.ranks.count { $0 <= example.ranks[other] }
        byRank[model].add(Double(atLeast) * share)
      }
      var sum = 0.0
      var counted = 0.0
      for choice in 0..<example.count {
        if let credit = Self.credit(of: choice, against: other, in: example, ties: ties) {
          sum += credit.value * credit.weight
          counted += credit.weight
        }
      }
      byVerdict[model].add(sum * share, count: counted * share)
    }
  }

  /// Adds a generated answer with its own metric values, verdicts, and the ranks of all candidates
  /// with its own as the last one.
  mutating func addGenerated(
    metrics values: [Double?], verdicts: [(model: Int, verdict: Verdict, weight: Double)],
    ranks: [Int]?, in example: ResolvedExample, ties: TiePolicy
  ) {
    examples += 1
    for (metric, value) in values.enumerated() {
      if let value, value.isFinite { metrics[metric].add(value) }
    }
    grow(for: example)
    if let ranks, let own = ranks.last {
      rank.add(Double(own))
      topThree.add(own <= 3 ? 1 : 0)
      for (other, model) in example.models.enumerated() {
        byRank[model].add(own <= ranks[other] ? 1 : 0)
      }
    }
    for (other, verdict, weight) in verdicts {
      let model = example.models[other]
      if let credit = ties.atLeastAsGood(verdict) {
        byVerdict[model].add(credit * weight, count: weight)
      }
    }
  }

  private mutating func addStanding(_ position: Int, in example: ResolvedExample) {
    guard example.isRanked else { return }
    rank.add(Double(position))
    topThree.add(position <= 3 ? 1 : 0)
    grow(for: example)
    for (other, model) in example.models.enumerated() {
      byRank[model].add(position <= example.ranks[other] ? 1 : 0)
    }
  }

  private static func credit(
    of choice: Int, against other: Int, in example: ResolvedExample, ties: TiePolicy
  ) -> (value: Double, weight: Double)? {
    if choice == other {
      return example.isRanked ? ties.againstItself.map { ($0, 1) } : nil
    }
    return example.verdict(choice, other).flatMap { verdict, weight in
      ties.atLeastAsGood(verdict).map { ($0, weight) }
    }
  }

  private mutating func grow(for example: ResolvedExample) {
    let count = (example.models.max() ?? -1) + 1
    while byRank.count < count {
      byRank.append(Tally())
      byVerdict.append(Tally())
    }
  }
}
