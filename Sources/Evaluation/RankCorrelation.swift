internal import Records

/// Agreement of rankings with reference rankings over a stream of examples.
///
/// Memory grows with candidates, not examples: a column keeps how often each pair of ranks occurred,
/// from which Pearson and Spearman follow exactly.
///
/// Source: LLM-Blender `common/evaluation.py` (`cor_eval`), SciPy's definitions of both correlations.
package struct RankCorrelation: Sendable {
  /// A mean over columns or examples, some of which may have no defined correlation.
  package struct Mean: Sendable, Equatable {
    /// The mean over those that are defined; `nil` when none is.
    package let value: Double?
    /// How many are defined.
    package let defined: Int
    /// How many there are.
    package let total: Int

    /// The mean as the reference implementation has it: undefined as soon as one of them is.
    package var strict: Double? { defined == total ? value : nil }
  }

  /// The finished numbers.
  package struct Result: Sendable, Equatable {
    /// The number of examples.
    package let examples: Int
    /// Pearson correlation per candidate column across examples, averaged over the columns.
    package let pearson: Mean
    /// Spearman correlation per candidate column across examples, ties at average ranks, averaged.
    package let spearman: Mean
    /// Pearson correlation within each example, averaged over the examples.
    package let pearsonPerExample: Mean
    /// Spearman correlation within each example, ties at average ranks, averaged.
    package let spearmanPerExample: Mean
    /// Spearman's footrule: the sum of |rank difference| of an example, averaged.
    package let footrule: Double?
    /// The overlap of the top k of both, intersection over union, averaged over k and examples.
    package let setBased: Double?
  }

  private var columns: [JointCounts] = []
  private var examples = 0
  private var footrule = 0.0
  private var setBased = 0.0
  private var within = (pearson: 0.0, pearsonCount: 0, spearman: 0.0, spearmanCount: 0)

  /// No examples yet.
  package init() {}

  /// Adds one example.
  ///
  /// - Parameters:
  ///   - hypothesis: the ranks to assess, 1 for the best.
  ///   - reference: the ranks they are compared with.
  ///   - numbers: the column of each candidate; `nil` when the place is the column.
  package mutating func add(hypothesis: [Int], reference: [Int], columns numbers: [Int]? = nil) {
    precondition(hypothesis.count == reference.count, "rankings of different length")
    guard !hypothesis.isEmpty else { return }
    examples += 1
    for place in hypothesis.indices {
      let column = numbers?[place] ?? place
      while columns.count <= column { columns.append(JointCounts()) }
      columns[column].add(hypothesis[place], reference[place])
      footrule += Double(abs(hypothesis[place] - reference[place]))
    }
    setBased += Self.overlap(hypothesis, reference)
    if let value = Self.pearson(hypothesis.map { Double($0) }, reference.map { Double($0) }) {
      within.pearson += value
      within.pearsonCount += 1
    }
    let averageRanks = CompetitionRanks.averageRanks
    if let value = Self.pearson(averageRanks(hypothesis), averageRanks(reference)) {
      within.spearman += value
      within.spearmanCount += 1
    }
  }

  /// The numbers so far.
  package var result: Result {
    let used = columns.filter { $0.total > 0 }
    let count = Double(max(1, examples))
    return Result(
      examples: examples,
      pearson: Self.mean(used.map(\.pearson)), spearman: Self.mean(used.map(\.spearman)),
      pearsonPerExample: Mean(
        value: within.pearsonCount == 0 ? nil : within.pearson / Double(within.pearsonCount),
        defined: within.pearsonCount, total: examples),
      spearmanPerExample: Mean(
        value: within.spearmanCount == 0 ? nil : within.spearman / Double(within.spearmanCount),
        defined: within.spearmanCount, total: examples),
      footrule: examples == 0 ? nil : footrule / count,
      setBased: examples == 0 ? nil : setBased / count)
  }

  /// Pearson's correlation of two lists; `nil` when one side is constant.
  private static func pearson(_ x: [Double], _ y: [Double]) -> Double? {
    guard let firstX = x.first, let firstY = y.first, x.contains(where: { $0 != firstX }),
      y.contains(where: { $0 != firstY })
    else { return nil }
    let meanX = x.reduce(0, +) / Double(x.count)
    let meanY = y.reduce(0, +) / Double(y.count)
    var sums = (xx: 0.0, yy: 0.0, xy: 0.0)
    for (x, y) in zip(x, y) {
      sums.xx += (x - meanX) * (x - meanX)
      sums.yy += (y - meanY) * (y - meanY)
      sums.xy += (x - meanX) * (y - meanY)
    }
    return min(1, max(-1, sums.xy / (sums.xx * sums.yy).squareRoot()))
  }

  private static func mean(_ values: [Double?]) -> Mean {
    let defined = values.compactMap { $0 }
    return Mean(
      value: defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count),
      defined: defined.count, total: values.count)
  }

  /// The mean over k of |top k of both| / |top k of either|; equal ranks keep the candidates' order.
  private static func overlap(_ left: [Int], _ right: [Int]) -> Double {
    let count = left.count
    var place = [Int](repeating: 0, count: count)
    for (position, candidate) in CompetitionRanks.order(of: left).enumerated() {
      place[candidate] = position
    }
    // entering[k]: candidates that are in both top lists from length k + 1 on.
    var entering = [Int](repeating: 0, count: count)
    for (position, candidate) in CompetitionRanks.order(of: right).enumerated() {
      entering[max(position, place[candidate])] += 1
    }
    var shared = 0
    var sum = 0.0
    for k in 1...count {
      shared += entering[k - 1]
      sum += Double(shared) / Double(2 * k - shared)
    }
    return sum / Double(count)
  }

  // MARK: A random ranking

  /// The expected footrule of a uniformly random ranking without ties against given ranks.
  ///
  /// - Parameter reference: the ranks compared with, within 1…n.
  /// - Returns: the expectation, (n² − 1) / 3 when the reference has no ties.
  package static func expectedRandomFootrule(against reference: [Int]) -> Double {
    let count = reference.count
    let sum = reference.reduce(0) { sum, rank in
      sum + (rank - 1) * rank / 2 + (count - rank) * (count - rank + 1) / 2
    }
    return count == 0 ? 0 : Double(sum) / Double(count)
  }

  /// The expected overlap of a uniformly random ranking with any ranking of `count` candidates.
  ///
  /// - Parameter count: the number of candidates.
  /// - Returns: the expectation of the mean over k of intersection over union.
  package static func expectedRandomOverlap(count: Int) -> Double {
    guard count > 0 else { return 0 }
    var sum = 0.0
    for k in 1...count {
      // The overlap of two k-subsets is hypergeometric; its terms follow from one another.
      let least = max(0, 2 * k - count)
      var logarithm = 0.0
      var terms: [(shared: Int, logarithm: Double)] = [(least, 0)]
      for shared in least..<k {
        let next = Double(k - shared) * Double(k - shared)
        let previous = Double(shared + 1) * Double(count - 2 * k + shared + 1)
        logarithm += naturalLogarithm(next / previous)
        terms.append((shared + 1, logarithm))
      }
      let largest = terms.map(\.logarithm).max() ?? 0
      let weights = terms.map { exponential($0.logarithm - largest) }
      let total = weights.reduce(0, +)
      for (term, weight) in zip(terms, weights) {
        sum += weight / total * Double(term.shared) / Double(2 * k - term.shared)
      }
    }
    return sum / Double(count)
  }
}
