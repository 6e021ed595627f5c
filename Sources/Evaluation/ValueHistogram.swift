/// A histogram of a stream of numbers whose bins widen as the range grows.
///
/// Bins are [k·2^e, (k + 1)·2^e): two neighbours of one width are one bin of the next, so the result
/// does not depend on the order of the numbers. Memory is bounded by the number of bins.
package struct ValueHistogram: Sendable, Equatable {
  /// How many bins the range may span.
  private static let limit = 1024

  /// The exponent e of the bins' width 2^e.
  package private(set) var exponent = -40
  /// The number k of the first bin.
  package private(set) var firstBin = 0
  /// How many numbers fell into each bin.
  package private(set) var counts: [Int] = []
  /// The number of finite numbers.
  package private(set) var total = 0
  /// The smallest number.
  package private(set) var minimum = Double.infinity
  /// The largest number.
  package private(set) var maximum = -Double.infinity
  private var sum = 0.0

  /// An empty histogram.
  package init() {}

  /// The mean; `nil` when empty.
  package var mean: Double? { total == 0 ? nil : sum / Double(total) }

  /// The width of a bin.
  package var width: Double { Self.width(exponent) }

  /// Counts a number; numbers that are not finite, or beyond ±1e15, are not counted.
  package mutating func add(_ value: Double) {
    guard value.isFinite, abs(value) <= 1e15 else { return }
    total += 1
    sum += value
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    // Whole numbers up to 2^53 tell bins apart; a large number needs wider bins first.
    while abs(value) / width > 1e15 { widen() }
    var bin = Int((value / width).rounded(.down))
    if counts.isEmpty {
      firstBin = bin
      counts = [0]
    }
    while max(bin, firstBin + counts.count - 1) - min(bin, firstBin) >= Self.limit {
      widen()
      bin = bin >> 1
    }
    if bin < firstBin {
      counts.insert(contentsOf: repeatElement(0, count: firstBin - bin), at: 0)
      firstBin = bin
    }
    while counts.count <= bin - firstBin { counts.append(0) }
    counts[bin - firstBin] += 1
  }

  /// The value below which a share of the numbers lies, exact to a bin's width.
  ///
  /// - Parameter share: 0…1.
  /// - Returns: the quantile, interpolated inside its bin; `nil` when empty.
  package func quantile(_ share: Double) -> Double? {
    guard total > 0 else { return nil }
    let wanted = share * Double(total)
    var below = 0.0
    for (offset, count) in counts.enumerated() where count > 0 {
      if below + Double(count) >= wanted {
        let place = (wanted - below) / Double(count)
        let value = (Double(firstBin + offset) + place) * width
        return min(maximum, max(minimum, value))
      }
      below += Double(count)
    }
    return maximum
  }

  /// How many numbers fell into each of `bins` equal parts of a range; those outside are left out.
  ///
  /// - Parameters:
  ///   - range: the range.
  ///   - bins: the number of parts.
  /// - Returns: counts, split in proportion where a bin overlaps two parts.
  package func counts(in range: ClosedRange<Double>, bins: Int) -> [Double] {
    var result = [Double](repeating: 0, count: bins)
    let part = (range.upperBound - range.lowerBound) / Double(bins)
    for (offset, count) in counts.enumerated() where count > 0 {
      // Narrowed to where numbers can be, so that one value does not smear over a wide bin.
      let low = max(Double(firstBin + offset) * width, minimum)
      let high = min(Double(firstBin + offset + 1) * width, maximum)
      guard part > 0, high > low else {
        let place = part > 0 ? Int((low - range.lowerBound) / part) : 0
        if low >= range.lowerBound && low <= range.upperBound {
          result[min(bins - 1, max(0, place))] += Double(count)
        }
        continue
      }
      let first = Int(max(0, ((low - range.lowerBound) / part).rounded(.down)))
      var index = first
      while index < bins {
        let left = range.lowerBound + Double(index) * part
        guard left < high else { break }
        let overlap = min(high, left + part) - max(low, left)
        if overlap > 0 { result[index] += Double(count) * overlap / (high - low) }
        index += 1
      }
    }
    return result
  }

  private mutating func widen() {
    exponent += 1
    guard !counts.isEmpty else { return }
    let newFirst = firstBin >> 1
    var merged = [Int](
      repeating: 0, count: ((firstBin + counts.count - 1) >> 1) - newFirst + 1)
    for (offset, count) in counts.enumerated() {
      merged[((firstBin + offset) >> 1) - newFirst] += count
    }
    firstBin = newFirst
    counts = merged
  }

  private static func width(_ exponent: Int) -> Double {
    Double(sign: .plus, exponent: exponent, significand: 1)
  }
}
