/// Stems of words already seen; forgets all of them when they become too many.
struct StemCache: Sendable {
  /// Words kept at most: the usual vocabulary of a corpus, a few megabytes.
  private static let capacity = 1 << 16
  /// Longer words are rare and their stems are not kept.
  private static let longestWord = 64

  private var words = Vocabulary()
  private var stems: [UInt8] = []
  private var ends: [Int] = []
  private var stemmer = PorterStemmer()

  /// Writes the stem of a word over the word.
  ///
  /// - Parameters:
  ///   - bytes: the text; a stem is never longer than its word.
  ///   - word: the place of the word.
  /// - Returns: the length of the stem.
  mutating func stem(_ bytes: inout [UInt8], _ word: TokenSlice) -> Int {
    guard word.length <= Self.longestWord else {
      let stem = stemmer.stem(bytes, word)
      for (offset, letter) in stem.enumerated() { bytes[word.start + offset] = letter }
      return stem.count
    }
    if words.count >= Self.capacity {
      words.removeAll()
      stems.removeAll(keepingCapacity: true)
      ends.removeAll(keepingCapacity: true)
    }
    let number = Int(words.intern(bytes, word))
    if number == ends.count {
      stems.append(contentsOf: stemmer.stem(bytes, word))
      ends.append(stems.count)
    }
    let start = number == 0 ? 0 : ends[number - 1]
    let length = ends[number] - start
    for offset in 0..<length { bytes[word.start + offset] = stems[start + offset] }
    return length
  }
}
