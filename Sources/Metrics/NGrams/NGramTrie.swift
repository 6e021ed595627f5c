/// Counts the n-grams of all orders up to a maximum in sequences of symbols.
///
/// A node is one n-gram. The nodes of the 1-grams are the symbols themselves; a longer n-gram is
/// found by hashing its prefix's node and its last symbol. A candidate that is matched leaves the
/// trie at its first unknown symbol: most positions cost one or two look-ups.
struct NGramTrie: Sendable {
  /// The largest n.
  let order: Int
  /// The symbols are the numbers below this one.
  private(set) var symbolCount = 0
  /// How often each n-gram occurs.
  private(set) var counts: [UInt32] = []
  /// The number of different n-grams by n - 1.
  private(set) var distinctCounts: [Int]
  /// Prefix's node and last symbol of each n-gram; unused for 1-grams.
  private var keys: [UInt64] = []
  /// The number of a node plus one; 0 is a free slot. Never more than half full.
  private var slots: [UInt32] = []
  private var mask = 0

  /// An empty trie.
  ///
  /// - Parameter order: the largest n, at least 1.
  init(order: Int) {
    precondition(order >= 1, "an n-gram has at least one symbol, not \(order)")
    self.order = order
    distinctCounts = [Int](repeating: 0, count: order)
  }

  /// Forgets all n-grams, keeps the memory and makes room.
  ///
  /// - Parameters:
  ///   - symbolCount: all symbols to be inserted are less than this.
  ///   - length: the number of symbols to be inserted, over all sequences.
  mutating func reset(symbolCount: Int, length: Int) {
    self.symbolCount = symbolCount
    for index in distinctCounts.indices { distinctCounts[index] = 0 }
    counts.removeAll(keepingCapacity: true)
    keys.removeAll(keepingCapacity: true)
    counts.append(contentsOf: repeatElement(0, count: symbolCount))
    keys.append(contentsOf: repeatElement(0, count: symbolCount))
    var capacity = 16
    while capacity < 2 * length * (order - 1) { capacity *= 2 }
    mask = capacity - 1
    if slots.count < capacity {
      slots = [UInt32](repeating: 0, count: capacity)
    } else {
      for index in 0..<capacity { slots[index] = 0 }
    }
  }

  /// Counts the n-grams of a sequence.
  ///
  /// - Parameter symbols: numbers below `symbolCount`.
  mutating func insert(_ symbols: [UInt32]) { insert(symbols, 0..<symbols.count) }

  /// Counts the n-grams of a part of a sequence.
  ///
  /// - Parameters:
  ///   - symbols: numbers below `symbolCount`.
  ///   - range: the part.
  mutating func insert(_ symbols: [UInt32], _ range: Range<Int>) {
    for start in range {
      var node = symbols[start]
      if counts[Int(node)] == 0 { distinctCounts[0] += 1 }
      counts[Int(node)] += 1
      for offset in 1..<min(order, range.upperBound - start) {
        let key = UInt64(node) << 32 | UInt64(symbols[start + offset])
        var slot = Self.slot(key) & mask
        while slots[slot] != 0, keys[Int(slots[slot] - 1)] != key { slot = (slot + 1) & mask }
        if slots[slot] == 0 {
          keys.append(key)
          counts.append(0)
          slots[slot] = UInt32(keys.count)
        }
        node = slots[slot] - 1
        if counts[Int(node)] == 0 { distinctCounts[offset] += 1 }
        counts[Int(node)] += 1
      }
    }
  }

  /// Replaces the counts, which say how often an n-gram may be matched.
  ///
  /// - Parameter counts: one count for each node.
  mutating func replaceCounts(_ counts: [UInt32]) {
    precondition(counts.count == self.counts.count, "one count for each n-gram")
    self.counts = counts
  }

  /// Sets all counts to 0 and keeps the n-grams.
  mutating func clearCounts() {
    for index in counts.indices { counts[index] = 0 }
  }

  /// Adds up how many n-grams of a candidate occur here, each at most as often as here.
  ///
  /// - Parameters:
  ///   - symbols: the candidate; a number of `symbolCount` is a symbol that does not occur here.
  ///   - workspace: receives the sums.
  func match(_ symbols: [UInt32], _ workspace: inout NGramMatches) {
    workspace.begin(counts: counts, order: order)
    match(symbols.span, &workspace.remaining, &workspace.matches)
  }

  private func match(
    _ symbols: Span<UInt32>, _ remaining: inout [UInt32], _ matches: inout [Int]
  ) {
    var remaining = remaining.mutableSpan
    var matches = matches.mutableSpan
    let keys = keys.span
    let slots = slots.span
    let unknown = UInt32(symbolCount)
    for start in 0..<symbols.count {
      var node = symbols[start]
      guard node < unknown else { continue }
      if remaining[Int(node)] > 0 {
        remaining[Int(node)] -= 1
        matches[0] += 1
      }
      let depth = min(order, symbols.count - start)
      var offset = 1
      while offset < depth {
        let symbol = symbols[start + offset]
        guard symbol < unknown else { break }
        let key = UInt64(node) << 32 | UInt64(symbol)
        var slot = Self.slot(key) & mask
        while slots[slot] != 0, keys[Int(slots[slot] - 1)] != key { slot = (slot + 1) & mask }
        guard slots[slot] != 0 else { break }
        node = slots[slot] - 1
        if remaining[Int(node)] > 0 {
          remaining[Int(node)] -= 1
          matches[offset] += 1
        }
        offset += 1
      }
    }
  }

  @inline(__always)
  private static func slot(_ key: UInt64) -> Int {
    // The multiplication moves differences upwards only; the high half is the well mixed one.
    Int(truncatingIfNeeded: (key &* Hashing.multiplier) >> 32)
  }
}

/// What ``NGramTrie/match(_:_:)`` found, with memory that is reused.
struct NGramMatches: Sendable {
  /// The number of matched n-grams by n - 1.
  fileprivate(set) var matches: [Int] = []
  /// How often each n-gram may still be matched.
  fileprivate var remaining: [UInt32] = []

  fileprivate mutating func begin(counts: [UInt32], order: Int) {
    matches.removeAll(keepingCapacity: true)
    matches.append(contentsOf: repeatElement(0, count: order))
    remaining.removeAll(keepingCapacity: true)
    remaining.append(contentsOf: counts)
  }
}
