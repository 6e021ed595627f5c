/// Looks for phrases in texts, without regard to case.
struct PhraseMatcher: Sendable {
  private let phrases: [[UInt8]]
  /// Indices of the phrases that start with a byte.
  private let byFirstByte: [[Int]]

  /// A matcher.
  ///
  /// - Parameters:
  ///   - phrases: the phrases; none is empty.
  ///   - foldsText: whether white space and apostrophes are made alike, as
  ///     ``firstPhrase(in:withinCharacters:)`` does to texts.
  init(_ phrases: [String], foldsText: Bool) {
    self.phrases = phrases.map {
      foldsText
        ? Self.straightened(NormalizedText.folded($0)) : NormalizedText.lowercased($0)
    }
    var byFirstByte = [[Int]](repeating: [], count: 256)
    for (index, phrase) in self.phrases.enumerated() {
      if let first = phrase.first { byFirstByte[Int(first)].append(index) }
    }
    self.byFirstByte = byFirstByte
  }

  /// The phrase that a text contains, wherever it stands, inside words as well.
  ///
  /// - Parameter text: the text.
  /// - Returns: the index of the phrase that comes first in the text.
  func firstSubstring(in text: String) -> Int? {
    let bytes = NormalizedText.lowercased(text)
    return first(in: bytes) { _ in true }
  }

  /// The phrase that stands as whole words at the beginning of a text.
  ///
  /// Runs of white space count as one space, typographic apostrophes as straight ones.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - count: how many characters (Unicode scalars, after joining white space) are looked at.
  /// - Returns: the index of the phrase that comes first in the text.
  func firstPhrase(in text: String, withinCharacters count: Int) -> Int? {
    // One character more than looked at tells whether a phrase at the end is a whole word. White
    // space that is joined makes the text shorter, so that some more is taken.
    let head = text.unicodeScalars.drop { $0.properties.isWhitespace }.prefix(4 * count + 64)
    let folded = Self.straightened(NormalizedText.folded(String(String.UnicodeScalarView(head))))
    let scalars = String(decoding: folded, as: UTF8.self).unicodeScalars.prefix(count + 1)
    let bytes = scalars.flatMap { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
    let end = scalars.prefix(count).reduce(0) { $0 + UTF8.width($1) }
    return first(in: bytes) { range in
      guard range.upperBound <= end else { return false }
      let before = String(decoding: bytes[..<range.lowerBound], as: UTF8.self).unicodeScalars.last
      let after = String(decoding: bytes[range.upperBound...], as: UTF8.self).unicodeScalars.first
      return !Self.isOfWord(before) && !Self.isOfWord(after)
    }
  }

  private func first(in bytes: [UInt8], where accepts: (Range<Int>) -> Bool) -> Int? {
    for position in bytes.indices {
      for index in byFirstByte[Int(bytes[position])] {
        let end = position + phrases[index].count
        guard end <= bytes.count, bytes[position..<end].elementsEqual(phrases[index]) else {
          continue
        }
        if accepts(position..<end) { return index }
      }
    }
    return nil
  }

  private static func isOfWord(_ scalar: Unicode.Scalar?) -> Bool {
    guard let scalar else { return false }
    return scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
  }

  /// Replaces `’` by `'`.
  private static func straightened(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(0xE2) else { return bytes }
    var result: [UInt8] = []
    for byte in bytes {
      result.append(byte)
      if result.suffix(3) == [0xE2, 0x80, 0x99] {
        result.removeLast(3)
        result.append(UInt8(ascii: "'"))
      }
    }
    return result
  }
}
