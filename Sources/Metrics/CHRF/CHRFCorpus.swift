/// The counts of a corpus that chrF is computed from, added up hypothesis by hypothesis.
package struct CHRFCorpus: Sendable {
  /// The counts of one order's n-grams.
  struct Counts: Sendable {
    var hypothesis = 0
    var reference = 0
    var matches = 0
  }

  /// The counts by order: characters, then words.
  private(set) var counts: [Counts]

  init(orders: Int) { counts = [Counts](repeating: Counts(), count: orders) }

  mutating func add(_ other: [Counts]) {
    for (index, more) in other.enumerated() {
      counts[index].hypothesis += more.hypothesis
      counts[index].reference += more.reference
      counts[index].matches += more.matches
    }
  }
}
