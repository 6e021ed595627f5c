/// A reference text that is ready to be compared with many candidates.
package struct RougeReference: Sendable {
  private(set) var vocabulary = Vocabulary()
  private(set) var symbols: [UInt32] = []
  private(set) var lineEnds: [Int] = []
  private(set) var nGrams: NGramTrie

  /// Whether the words were stemmed.
  let isStemmed: Bool

  init(order: Int, isStemmed: Bool) {
    nGrams = NGramTrie(order: order)
    self.isStemmed = isStemmed
  }

  mutating func load(_ tokens: borrowing RougeTokens) {
    vocabulary.removeAll()
    symbols.removeAll(keepingCapacity: true)
    for slice in tokens.slices { symbols.append(vocabulary.intern(tokens.letters, slice)) }
    lineEnds.removeAll(keepingCapacity: true)
    lineEnds.append(contentsOf: tokens.lineEnds)
    nGrams.removeAll()
    nGrams.append(symbols)
    nGrams.build(symbolCount: vocabulary.count)
  }
}
