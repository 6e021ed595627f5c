/// Measures of a text by itself: lengths, and how little it repeats.
///
/// Words are those of Python's `str.split()`: runs of anything but white space, case kept.
/// Characters are Unicode scalars, as Python's `len` counts them.
///
/// distinct-n is the number of different n-grams of words divided by the number of all of them; it
/// is 0 where there are none. Over several texts both numbers are added up over a common table.
///
/// Source: Li et al., "A Diversity-Promoting Objective Function for Neural Conversation Models"
/// (NAACL 2016).
package struct TextStatistics: Sendable {
  private var text = TextBuffer()
  private var words: [TokenSlice] = []
  private var vocabulary = Vocabulary()
  private var symbols: [UInt32] = []
  private var wordCounts: [Int] = []
  private var nGrams: NGramTrie

  /// Text statistics.
  ///
  /// - Parameter maximumOrder: the largest n of distinct-n, from 1 to 32.
  package init(maximumOrder: Int = 4) { nGrams = NGramTrie(order: maximumOrder) }

  /// The number of Unicode scalars of a text.
  ///
  /// - Parameter text: the text.
  /// - Returns: the number.
  package static func characterCount(_ text: String) -> Int {
    // Every scalar has one byte that continues none before it.
    text.utf8.count { $0 & 0xC0 != 0x80 }
  }

  /// The number of words of a text.
  ///
  /// - Parameter text: the text.
  /// - Returns: the number.
  package mutating func wordCount(_ text: String) -> Int {
    self.text.load(text)
    words.removeAll(keepingCapacity: true)
    PythonWhiteSpace.split(self.text, into: &words)
    return words.count
  }

  /// distinct-n for each n up to the maximum, over all texts together.
  ///
  /// - Parameter texts: the texts; n-grams do not reach from one into the next.
  /// - Returns: distinct-n by n - 1, from 0 to 1.
  package mutating func distinct(_ texts: [String]) -> [Double] {
    begin()
    for text in texts { add(text) }
    return distinct()
  }

  /// The number of words and distinct-n of one text.
  mutating func statistics(_ text: String) -> (wordCount: Int, distinct: [Double]) {
    begin()
    add(text)
    return (wordCounts[0], distinct())
  }

  private mutating func begin() {
    vocabulary.removeAll()
    nGrams.removeAll()
    wordCounts.removeAll(keepingCapacity: true)
  }

  private mutating func add(_ text: String) {
    wordCounts.append(wordCount(text))
    symbols.removeAll(keepingCapacity: true)
    for word in words { symbols.append(vocabulary.intern(self.text.bytes, word)) }
    nGrams.append(symbols)
  }

  private mutating func distinct() -> [Double] {
    nGrams.build(symbolCount: vocabulary.count)
    return (0..<nGrams.order).map { index in
      let total = wordCounts.reduce(0) { $0 + max($1 - index, 0) }
      return total == 0 ? 0 : Double(nGrams.distinctCounts[index]) / Double(total)
    }
  }
}
