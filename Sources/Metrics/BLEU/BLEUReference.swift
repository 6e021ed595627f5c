/// One hypothesis' references, ready to be compared with many hypotheses.
package struct BLEUReference: Sendable {
  private(set) var vocabulary = Vocabulary()
  private(set) var nGrams: NGramTrie
  /// The number of tokens of each reference.
  private(set) var lengths: [Int] = []
  private var symbols: [UInt32] = []

  init(order: Int) { nGrams = NGramTrie(order: order) }

  /// Forgets the references.
  mutating func begin() {
    vocabulary.removeAll()
    lengths.removeAll(keepingCapacity: true)
    symbols.removeAll(keepingCapacity: true)
  }

  /// Adds a reference.
  mutating func add(_ text: borrowing TextBuffer, _ tokens: [TokenSlice]) {
    for token in tokens { symbols.append(vocabulary.intern(text.bytes, token)) }
    lengths.append(tokens.count)
  }

  /// Counts the n-grams; of several references the largest count of each n-gram.
  mutating func finish() {
    nGrams.reset(symbolCount: vocabulary.count, length: symbols.count)
    guard lengths.count > 1 else { return nGrams.insert(symbols) }
    var largest: [UInt32] = []
    var start = 0
    for length in lengths {
      nGrams.clearCounts()
      nGrams.insert(symbols, start..<start + length)
      largest.append(contentsOf: repeatElement(0, count: nGrams.counts.count - largest.count))
      for node in largest.indices { largest[node] = max(largest[node], nGrams.counts[node]) }
      start += length
    }
    nGrams.replaceCounts(largest)
  }

  /// The reference length closest to a hypothesis' length, of two equally close ones the shorter.
  func closestLength(to length: Int) -> Int {
    var closest = lengths.first ?? 0
    for candidate in lengths.dropFirst() {
      let (distance, best) = (abs(length - candidate), abs(length - closest))
      if distance < best || (distance == best && candidate < closest) { closest = candidate }
    }
    return closest
  }
}
