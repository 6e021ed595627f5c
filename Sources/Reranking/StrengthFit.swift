/// Strengths of candidates from the margins of some of their pairs, with how certain they are.
struct StrengthFit {
  /// How many pairs are compared in both orders.
  let comparisons: Int
  private let count: Int
  /// Margins halved: one comparison's difference; `nil` where there is none. `[count, count]`
  private let differences: [Double?]
  private let strengths: [Double]
  /// The covariance of the strengths, in units of the noise's variance. `[count, count]`
  private let covariance: [Double]
  private let noiseVariance: Double

  /// Fits strengths.
  ///
  /// - Parameters:
  ///   - known: the logits.
  ///   - noise: the variance of the noise relative to that of strengths.
  init(_ known: ComparisonMatrix, noise: Double) {
    let count = known.count
    var differences = [Double?](repeating: nil, count: count * count)
    // Noise times the precision of the strengths: noise on the diagonal, plus the graph's Laplacian.
    var system = [Double](repeating: 0, count: count * count)
    var sums = [Double](repeating: 0, count: count)
    var squares = 0.0
    var comparisons = 0
    for one in 0..<count {
      system[one * count + one] += noise
      for other in 0..<count where one < other {
        guard let margin = known.margin(one, other) else { continue }
        let difference = Double(margin) / 2
        differences[one * count + other] = difference
        differences[other * count + one] = -difference
        system[one * count + one] += 1
        system[other * count + other] += 1
        system[one * count + other] -= 1
        system[other * count + one] -= 1
        sums[one] += difference
        sums[other] -= difference
        squares += difference * difference
        comparisons += 1
      }
    }
    let inverse = Self.inverse(system, count)
    let strengths = (0..<count).map { row in
      (0..<count).reduce(0) { $0 + inverse[row * count + $1] * sums[$1] }
    }
    self.count = count
    self.comparisons = comparisons
    self.differences = differences
    self.strengths = strengths
    covariance = inverse
    // The estimate of the greatest likelihood.
    let explained = zip(sums, strengths).reduce(0) { $0 + $1.0 * $1.1 }
    noiseVariance = comparisons > 0 ? max(0, squares - explained) / Double(comparisons) : 0
  }

  /// The scores of max-logits, with expected margins where there is none.
  var scores: [Double] {
    (0..<count).map { one in
      let sum = (0..<count).reduce(0) { $0 + 2 * difference(one, $1) }
      return Double(Float(sum) / Float(count))
    }
  }

  /// The candidates, best first.
  var order: [Int] {
    let scores = scores
    return (0..<count).sorted { (-scores[$0], $0) < (-scores[$1], $1) }
  }

  /// Whether a pair is compared.
  func isCompared(_ one: Int, _ other: Int) -> Bool { differences[one * count + other] != nil }

  /// How many standard deviations one candidate's score is above another one's.
  func certainty(_ one: Int, over other: Int) -> Double {
    let gap = (0..<count).reduce(0) { $0 + difference(one, $1) - difference(other, $1) }
    // Noise of the pairs that are not compared is in the scores of the full matrix as well.
    let open =
      (0..<count).count { $0 != one && !isCompared(one, $0) }
      + (0..<count).count { $0 != other && !isCompared(other, $0) }
    if open == 0 { return .infinity }
    let scale = Double(count * count)
    let variance = noiseVariance * (variance(one, other) + Double(open) / scale)
    if variance == 0 { return gap > 0 ? .infinity : 0 }
    return gap / Double(count) / variance.squareRoot()
  }

  /// By how much comparing a pair lowers the variance of the difference of two strengths.
  func gain(of first: Int, _ second: Int, for one: Int, _ other: Int) -> Double {
    let shared =
      entry(one, first) - entry(one, second) - entry(other, first) + entry(other, second)
    return shared * shared / (1 + variance(first, second))
  }

  private func difference(_ one: Int, _ other: Int) -> Double {
    one == other ? 0 : differences[one * count + other] ?? strengths[one] - strengths[other]
  }

  private func entry(_ row: Int, _ column: Int) -> Double { covariance[row * count + column] }

  private func variance(_ one: Int, _ other: Int) -> Double {
    entry(one, one) + entry(other, other) - 2 * entry(one, other)
  }

  /// The inverse of a symmetric positive definite matrix, by elimination without pivots.
  private static func inverse(_ matrix: [Double], _ count: Int) -> [Double] {
    var left = matrix
    var right = [Double](repeating: 0, count: count * count)
    for index in 0..<count { right[index * count + index] = 1 }
    for pivot in 0..<count {
      let scale = 1 / left[pivot * count + pivot]
      for column in 0..<count {
        left[pivot * count + column] *= scale
        right[pivot * count + column] *= scale
      }
      for row in 0..<count where row != pivot {
        let factor = left[row * count + pivot]
        if factor == 0 { continue }
        for column in 0..<count {
          left[row * count + column] -= factor * left[pivot * count + column]
          right[row * count + column] -= factor * right[pivot * count + column]
        }
      }
    }
    return right
  }
}
