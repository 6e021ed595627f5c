/// Tokens that are looked for in a text before the model sees it, such as `</s>`.
///
/// Source: tokenizers 0.20.3, `added_vocabulary.rs`: leftmost match, the longest of those that
/// start together. Tokens marked `normalized` are looked for in what the others leave.
struct AddedTokens: Sendable {
  /// One token and how it is matched.
  struct Token: Sendable {
    /// The text to match.
    let content: String
    /// The id.
    let id: Int
    /// Whether white space before a match belongs to it.
    var stripsLeft = false
    /// Whether white space after a match belongs to it.
    var stripsRight = false
    /// Whether the characters around a match must not be of a word.
    var isSingleWord = false
    /// Whether the token is looked for in the normalised text.
    var isNormalized = false
  }

  /// A part of a text.
  enum Part {
    /// Text for the model: its place in the UTF-8.
    case text(Range<Int>)
    /// An added token's id.
    case token(Int)
  }

  /// Tokens by their first byte, longer ones first; two tables, for raw and for normalised text.
  private let tables: [[[(bytes: [UInt8], token: Token)]]]
  private let startsToken: [Bool]

  /// A set of tokens.
  ///
  /// - Parameter tokens: the tokens; those without content are left out.
  init(_ tokens: [Token]) {
    var tables = [[[(bytes: [UInt8], token: Token)]]](
      repeating: Array(repeating: [], count: 256), count: 2)
    var startsToken = [Bool](repeating: false, count: 256)
    for token in tokens {
      let bytes = Array(token.content.utf8)
      guard let first = bytes.first else { continue }
      tables[token.isNormalized ? 1 : 0][Int(first)].append((bytes, token))
      startsToken[Int(first)] = true
    }
    for table in tables.indices {
      for first in 0..<256 { tables[table][first].sort { $0.bytes.count > $1.bytes.count } }
    }
    self.tables = tables
    self.startsToken = startsToken
  }

  /// Cuts a text at its added tokens.
  ///
  /// - Parameter text: UTF-8.
  /// - Returns: the parts in order, without empty texts; `nil` when no token starts in the text,
  ///   which is quick to tell for most texts.
  func parts(of text: UnsafeBufferPointer<UInt8>) -> [Part]? {
    guard unsafe text.contains(where: { startsToken[Int($0)] }) else { return nil }
    let raw = unsafe cut(0..<text.count, of: text, by: tables[0])
    let parts = raw.flatMap { part -> [Part] in
      guard case .text(let range) = part else { return [part] }
      return unsafe cut(range, of: text, by: tables[1])
    }
    if parts.count == 1, case .text = parts[0] { return nil }
    return parts
  }

  private func cut(
    _ range: Range<Int>, of text: UnsafeBufferPointer<UInt8>,
    by table: [[(bytes: [UInt8], token: Token)]]
  ) -> [Part] {
    var parts: [Part] = []
    var textStart = range.lowerBound
    var position = range.lowerBound
    while position < range.upperBound {
      guard
        let match = unsafe table[Int(text[position])].first(where: { candidate in
          guard position + candidate.bytes.count <= range.upperBound else { return false }
          let part = position..<(position + candidate.bytes.count)
          return unsafe text[part].elementsEqual(candidate.bytes)
        })
      else {
        position += 1
        continue
      }
      var start = position
      var end = position + match.bytes.count
      position = end
      if match.token.isSingleWord, unsafe touchesWord(start..<end, in: range, of: text) {
        continue
      }
      if match.token.stripsLeft {
        start = unsafe Self.scalars(text, textStart..<start).reversed()
          .prefix { $0.properties.isWhitespace }.reduce(start) { $0 - UTF8.width($1) }
      }
      if match.token.stripsRight {
        end = unsafe Self.scalars(text, end..<range.upperBound)
          .prefix { $0.properties.isWhitespace }.reduce(end) { $0 + UTF8.width($1) }
        position = end
      }
      if start > textStart { parts.append(.text(textStart..<start)) }
      parts.append(.token(match.token.id))
      textStart = end
    }
    if textStart < range.upperBound { parts.append(.text(textStart..<range.upperBound)) }
    return parts
  }

  /// Whether a character of a word stands directly before or after a match.
  private func touchesWord(
    _ match: Range<Int>, in range: Range<Int>, of text: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    let before = unsafe Self.scalars(text, range.lowerBound..<match.lowerBound).last
    let after = unsafe Self.scalars(text, match.upperBound..<range.upperBound).first
    return [before, after].contains { scalar in
      guard let properties = scalar?.properties else { return false }
      // The class \w of regular expressions (Unicode Technical Standard 18, annex C).
      let isConnector = properties.generalCategory == .connectorPunctuation
      let isDigit = properties.generalCategory == .decimalNumber
      let isMark =
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
      return properties.isAlphabetic || isMark || isDigit || isConnector || properties.isJoinControl
    }
  }

  private static func scalars(
    _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>
  ) -> String.UnicodeScalarView {
    unsafe String(decoding: text[range], as: UTF8.self).unicodeScalars
  }
}
