/// The n-grams of all orders up to a maximum in sequences of symbols, and how often each occurs.
///
/// A node is one n-gram. The nodes of the 1-grams are the symbols themselves; a longer n-gram is
/// found by hashing its prefix's node and its last symbol. An n-gram that occurs once has no longer
/// ones below it: what follows it is read in the text, as in the leaves of a suffix tree. Most
/// positions of a text cost one or two look-ups.
struct NGramTrie: Sendable {
  /// Stands after each sequence.
  private static let separator = UInt32.max

  private struct Node {
    /// Prefix's node and last symbol; unused for 1-grams.
    var key: UInt64
    var occurrences: UInt32
    /// Where the last one begins.
    var position: UInt32
  }

  /// The largest n.
  let order: Int
  /// The sequences, each followed by a separator.
  private var text: [UInt32] = []
  private var sequenceLengths: [Int] = []
  /// The symbols are the numbers below this one.
  private var symbolCount = 0
  private var nodes: [Node] = []
  /// How often each n-gram occurs in the sequence that has it most often.
  private var counts: [UInt32] = []
  /// The number of a node plus one; 0 is a free slot. Never more than half full.
  private var slots: [UInt32] = []
  private var mask = 0
  /// The number of different n-grams by n - 1.
  private(set) var distinctCounts: [Int]

  /// By position while building: the node of the longest n-gram so far.
  private var current: [UInt32] = []
  /// By position while building, with several sequences: the number of the sequence.
  private var sequences: [UInt32] = []
  /// By node while building, with several sequences: the last sequence and the count in it.
  private var tallies: [(sequence: UInt32, count: UInt32)] = []
  /// While building: the positions whose n-gram occurs more than once.
  private var active: [UInt32] = []

  /// An empty trie.
  ///
  /// - Parameter order: the largest n, from 1 to 32.
  init(order: Int) {
    precondition((1...32).contains(order), "n-grams have 1 to 32 symbols here, not \(order)")
    self.order = order
    distinctCounts = [Int](repeating: 0, count: order)
  }

  /// Forgets all n-grams and keeps the memory.
  mutating func removeAll() {
    text.removeAll(keepingCapacity: true)
    sequenceLengths.removeAll(keepingCapacity: true)
  }

  /// Adds a sequence, which counts after ``build(symbolCount:)``.
  ///
  /// - Parameter symbols: numbers below the number of symbols.
  mutating func append(_ symbols: [UInt32]) {
    text.append(contentsOf: symbols)
    text.append(Self.separator)
    sequenceLengths.append(symbols.count)
  }

  /// Finds and counts the n-grams of the sequences.
  ///
  /// - Parameter symbolCount: all symbols are less than this.
  mutating func build(symbolCount: Int) {
    self.symbolCount = symbolCount
    nodes.removeAll(keepingCapacity: true)
    nodes.append(
      contentsOf: repeatElement(Node(key: 0, occurrences: 0, position: 0), count: symbolCount))
    clearSlots()
    prepareTallies()
    active.removeAll(keepingCapacity: true)
    current.removeAll(keepingCapacity: true)
    current.append(contentsOf: text)
    for (position, symbol) in text.enumerated() where symbol != Self.separator {
      nodes[Int(symbol)].occurrences += 1
      nodes[Int(symbol)].position = UInt32(position)
      active.append(UInt32(position))
    }
    tallyActive()
    distinctCounts[0] = symbolCount
    for offset in 1..<order {
      let shorter = nodes.count
      extend(by: offset)
      tallyActive()
      let all = sequenceLengths.reduce(0) { $0 + max($1 - offset, 0) }
      // What begins where nothing is active any more occurs once.
      distinctCounts[offset] = nodes.count - shorter + all - active.count
    }
    if sequenceLengths.count <= 1 {
      counts.removeAll(keepingCapacity: true)
      for node in nodes { counts.append(node.occurrences) }
    }
  }

  /// Adds up how many n-grams of a candidate occur here, each at most as often as here.
  ///
  /// - Parameters:
  ///   - symbols: the candidate; the number of symbols stands for one that does not occur here.
  ///   - workspace: receives the sums.
  func match(_ symbols: [UInt32], _ workspace: inout NGramMatches) {
    workspace.begin(counts: counts, positions: text.count, order: order)
    match(symbols.span, &workspace.remaining, &workspace.used, &workspace.matches)
  }

  private func match(
    _ symbols: Span<UInt32>, _ remaining: inout [UInt32], _ used: inout [UInt32],
    _ matches: inout [Int]
  ) {
    var remaining = remaining.mutableSpan
    var used = used.mutableSpan
    var matches = matches.mutableSpan
    let nodes = nodes.span
    let slots = slots.span
    let text = text.span
    let unknown = UInt32(symbolCount)
    for start in 0..<symbols.count {
      var node = Int(symbols[start])
      guard node < symbolCount else { continue }
      let depth = min(order, symbols.count - start)
      var offset = 0
      while true {
        if remaining[node] > 0 {
          remaining[node] -= 1
          matches[offset] += 1
        }
        offset += 1
        guard offset < depth else { break }
        if nodes[node].occurrences == 1 {
          let position = Int(nodes[node].position)
          while offset < depth, symbols[start + offset] == text[position + offset] {
            // Each of the longer n-grams from here on can be matched once.
            let bit: UInt32 = 1 << UInt32(offset)
            if used[position] & bit == 0 {
              used[position] |= bit
              matches[offset] += 1
            }
            offset += 1
          }
          break
        }
        let symbol = symbols[start + offset]
        guard symbol < unknown else { break }
        let key = UInt64(node) << 32 | UInt64(symbol)
        var slot = Self.slot(key) & mask
        while slots[slot] != 0, nodes[Int(slots[slot] - 1)].key != key { slot = (slot + 1) & mask }
        guard slots[slot] != 0 else { break }
        node = Int(slots[slot] - 1)
      }
    }
  }

  /// Makes the n-grams at the active positions one symbol longer, where they occur more than once
  /// and their sequence goes on; other positions become inactive.
  private mutating func extend(by offset: Int) {
    let count = nodes.count
    reserveSlots(count - symbolCount + active.count)
    nodes.append(
      contentsOf: repeatElement(Node(key: 0, occurrences: 0, position: 0), count: active.count))
    let extended = Self.extend(
      by: offset, text, &nodes, count: count, &slots, mask: mask, &current, &active)
    nodes.removeLast(nodes.count - extended.nodeCount)
    active.removeLast(active.count - extended.activeCount)
  }

  private static func extend(
    by offset: Int, _ text: [UInt32], _ nodes: inout [Node], count: Int,
    _ slots: inout [UInt32], mask: Int, _ current: inout [UInt32], _ active: inout [UInt32]
  ) -> (nodeCount: Int, activeCount: Int) {
    let text = text.span
    var nodes = nodes.mutableSpan
    var slots = slots.mutableSpan
    var current = current.mutableSpan
    var active = active.mutableSpan
    var nodeCount = count
    var activeCount = 0
    for index in 0..<active.count {
      let position = Int(active[index])
      let node = current[position]
      guard nodes[Int(node)].occurrences > 1 else { continue }
      let symbol = text[position + offset]
      guard symbol != separator else { continue }
      let key = UInt64(node) << 32 | UInt64(symbol)
      var slot = slot(key) & mask
      while slots[slot] != 0, nodes[Int(slots[slot] - 1)].key != key { slot = (slot + 1) & mask }
      if slots[slot] == 0 {
        nodes[nodeCount] = Node(key: key, occurrences: 0, position: UInt32(position))
        nodeCount += 1
        slots[slot] = UInt32(nodeCount)
      }
      let next = slots[slot] - 1
      nodes[Int(next)].occurrences += 1
      current[position] = next
      active[activeCount] = UInt32(position)
      activeCount += 1
    }
    return (nodeCount, activeCount)
  }

  private mutating func prepareTallies() {
    tallies.removeAll(keepingCapacity: true)
    sequences.removeAll(keepingCapacity: true)
    guard sequenceLengths.count > 1 else { return }
    for (number, length) in sequenceLengths.enumerated() {
      sequences.append(contentsOf: repeatElement(UInt32(number), count: length + 1))
    }
    counts.removeAll(keepingCapacity: true)
  }

  /// With several sequences, counts the n-grams at the active positions in each sequence.
  private mutating func tallyActive() {
    guard sequenceLengths.count > 1 else { return }
    tallies.append(
      contentsOf: repeatElement((sequence: 0, count: 0), count: nodes.count - tallies.count))
    counts.append(contentsOf: repeatElement(0, count: nodes.count - counts.count))
    for position in active {
      let node = Int(current[Int(position)])
      let sequence = sequences[Int(position)]
      if tallies[node].sequence != sequence { tallies[node] = (sequence: sequence, count: 0) }
      tallies[node].count += 1
      counts[node] = max(counts[node], tallies[node].count)
    }
  }

  private mutating func clearSlots() {
    var capacity = 64
    while capacity < 4 * text.count { capacity *= 2 }
    mask = capacity - 1
    slots.removeAll(keepingCapacity: true)
    slots.append(contentsOf: repeatElement(0, count: capacity))
  }

  /// Makes room for so many n-grams of two or more symbols.
  private mutating func reserveSlots(_ count: Int) {
    guard count * 2 > slots.count else { return }
    var capacity = slots.count
    while capacity < count * 2 { capacity *= 2 }
    mask = capacity - 1
    slots = [UInt32](repeating: 0, count: capacity)
    for node in symbolCount..<nodes.count {
      var slot = Self.slot(nodes[node].key) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(node) + 1
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
  /// By position in the text: a bit for each length of the n-grams from there that were matched,
  /// where these have no node.
  fileprivate var used: [UInt32] = []

  fileprivate mutating func begin(counts: [UInt32], positions: Int, order: Int) {
    matches.removeAll(keepingCapacity: true)
    matches.append(contentsOf: repeatElement(0, count: order))
    remaining.removeAll(keepingCapacity: true)
    remaining.append(contentsOf: counts)
    used.removeAll(keepingCapacity: true)
    used.append(contentsOf: repeatElement(0, count: positions))
  }
}
