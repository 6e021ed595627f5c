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
    nGrams.removeAll()
  }

  /// Adds a reference.
  mutating func add(_ text: borrowing TextBuffer, _ tokens: [TokenSlice]) {
    symbols.removeAll(keepingCapacity: true)
    for token in tokens { symbols.append(vocabulary.intern(text.bytes, token)) }
    nGrams.append(symbols)
    lengths.append(tokens.count)
  }

  /// Counts the n-grams; of several references the largest count of each n-gram.
  mutating func finish() { nGrams.build(symbolCount: vocabulary.count) }

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
