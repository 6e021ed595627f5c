/// A reference text that is ready to be compared with many hypotheses.
package struct CHRFReference: Sendable {
  private(set) var characters: CharacterVocabulary
  private(set) var characterNGrams: NGramTrie
  private(set) var characterCount = 0
  private(set) var words = Vocabulary()
  private(set) var wordNGrams: NGramTrie?
  private(set) var wordCount = 0
  private var symbols: [UInt32] = []

  init(characterOrder: Int, wordOrder: Int) {
    characters = CharacterVocabulary()
    characterNGrams = NGramTrie(order: characterOrder)
    wordNGrams = wordOrder > 0 ? NGramTrie(order: wordOrder) : nil
  }

  mutating func load(_ text: borrowing TextBuffer, words slices: [TokenSlice]) {
    symbols.removeAll(keepingCapacity: true)
    characters.removeAll()
    characters.intern(text, into: &symbols)
    characterCount = symbols.count
    characterNGrams.reset(symbolCount: characters.count, length: symbols.count)
    characterNGrams.insert(symbols)
    guard wordNGrams != nil else { return }
    symbols.removeAll(keepingCapacity: true)
    words.removeAll()
    for slice in slices { symbols.append(words.intern(text.bytes, slice)) }
    wordCount = symbols.count
    wordNGrams?.reset(symbolCount: words.count, length: symbols.count)
    wordNGrams?.insert(symbols)
  }
}
