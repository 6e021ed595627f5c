/// Counts words: the parts of a text between white space, as `len(text.split())` of Python.
public struct WordTokenizer: TokenCounter {
  /// A counter of words.
  public init() {}

  /// `words`.
  public var signature: String { "words" }

  /// The number of words.
  ///
  /// - Parameter text: the text.
  /// - Returns: the number of words; 0 for a text of white space only.
  public func count(_ text: String) -> Int {
    var words = 0
    var insideWord = false
    for scalar in text.unicodeScalars {
      let isSpace = Self.isWhiteSpace(scalar)
      if !isSpace && !insideWord { words += 1 }
      insideWord = !isSpace
    }
    return words
  }

  /// Whether Python's `str.isspace` holds: Unicode white space and the four separators U+001C-1F.
  private static func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x80 {
      return scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value)
        || (0x1C...0x1F).contains(scalar.value)
    }
    return scalar.properties.isWhitespace
  }
}
