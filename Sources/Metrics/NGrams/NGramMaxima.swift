/// How often the n-grams of many texts occur in the text that has each most often, and in the best
/// of the other texts: enough to compare every text with all others in one pass.
struct NGramMaxima {
  private let order: Int
  /// The texts, each as its symbols.
  private var texts: [[UInt32]] = []

  /// The counts of one n-gram.
  private struct Maxima {
    var largest: UInt32 = 0
    /// The largest count in any text but `holder`.
    var second: UInt32 = 0
    var holder: UInt32 = 0
  }

  /// An empty collection.
  ///
  /// - Parameter order: the largest n.
  init(order: Int) { self.order = order }

  /// Adds a text.
  mutating func append(_ symbols: [UInt32]) { texts.append(symbols) }

  /// The counts of each text against all others, at least one of them.
  func statisticsAgainstOthers() -> [BLEUStatistics] {
    var statistics = texts.map { _ in BLEUStatistics(order: order) }
    for (index, text) in texts.enumerated() {
      statistics[index].hypothesisLength = text.count
      for offset in 0..<order { statistics[index].totals[offset] = max(text.count - offset, 0) }
    }
    addReferenceLengths(&statistics)
    // By text and position: the number of the n-gram that begins there, the symbols at first.
    var grams = texts
    for offset in 0..<order {
      if offset > 0 { Self.extend(&grams, texts, by: offset) }
      addMatches(grams, offset: offset, to: &statistics)
    }
    return statistics
  }

  /// Makes each n-gram one symbol longer, where its text goes on, and numbers the longer ones.
  private static func extend(_ grams: inout [[UInt32]], _ texts: [[UInt32]], by offset: Int) {
    var numbers: [UInt64: UInt32] = [:]
    for (index, text) in texts.enumerated() {
      let count = max(text.count - offset, 0)
      grams[index].removeLast(grams[index].count - min(count, grams[index].count))
      for position in 0..<count {
        let key = UInt64(grams[index][position]) << 32 | UInt64(text[position + offset])
        let number = numbers[key] ?? UInt32(numbers.count)
        if number == numbers.count { numbers[key] = number }
        grams[index][position] = number
      }
    }
  }

  private func addMatches(
    _ grams: [[UInt32]], offset: Int, to statistics: inout [BLEUStatistics]
  ) {
    let size = grams.reduce(0) { max($0, Int($1.max() ?? 0) + 1) }
    var maxima = [Maxima](repeating: Maxima(), count: size)
    let counts = grams.map(Self.counts)
    for (index, counts) in counts.enumerated() {
      for (gram, count) in counts {
        var known = maxima[Int(gram)]
        if count > known.largest {
          known.second = known.largest
          known.largest = count
          known.holder = UInt32(index)
        } else {
          known.second = max(known.second, count)
        }
        maxima[Int(gram)] = known
      }
    }
    for (index, counts) in counts.enumerated() {
      statistics[index].counts[offset] = counts.reduce(0) { sum, entry in
        let known = maxima[Int(entry.gram)]
        let others = known.holder == UInt32(index) ? known.second : known.largest
        return sum + Int(min(entry.count, others))
      }
    }
  }

  /// How often each n-gram occurs in one text.
  private static func counts(_ grams: [UInt32]) -> [(gram: UInt32, count: UInt32)] {
    var counts: [(gram: UInt32, count: UInt32)] = []
    for gram in grams.sorted() {
      if counts.last?.gram == gram {
        counts[counts.count - 1].count += 1
      } else {
        counts.append((gram, 1))
      }
    }
    return counts
  }

  /// The length of another text that is closest, of two equally close ones the shorter.
  private func addReferenceLengths(_ statistics: inout [BLEUStatistics]) {
    let lengths = texts.map(\.count).sorted()
    for (index, text) in texts.enumerated() {
      // The first place of this length; one of the equal lengths is the text itself.
      let place = Self.firstPlace(of: text.count, in: lengths)
      if place + 1 < lengths.count, lengths[place + 1] == text.count {
        statistics[index].referenceLength = text.count
        continue
      }
      let shorter = place > 0 ? lengths[place - 1] : nil
      let longer = place + 1 < lengths.count ? lengths[place + 1] : nil
      switch (shorter, longer) {
      case (let shorter?, let longer?):
        statistics[index].referenceLength =
          text.count - shorter <= longer - text.count ? shorter : longer
      case (let length?, nil), (nil, let length?): statistics[index].referenceLength = length
      case (nil, nil): break
      }
    }
  }

  private static func firstPlace(of length: Int, in sorted: [Int]) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle] < length { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
