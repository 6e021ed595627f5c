/// How many terminal columns a text takes, and texts made safe and fitting for a terminal.
///
/// Source: Unicode Standard Annex 11 (East Asian Width), version 15.1, ranges W and F.
package enum DisplayWidth {
  /// The columns that a text takes on a terminal: 2 for wide characters, 0 for combining ones.
  ///
  /// - Parameter text: one line without control characters; see ``printable(_:)``.
  /// - Returns: the number of columns.
  package static func columns<Text: StringProtocol>(_ text: Text) -> Int {
    // ASCII is one column a byte; measuring it needs no character properties.
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
    return text.reduce(0) { $0 + columns(of: $1) }
  }

  /// The columns of one character.
  static func columns(of character: Character) -> Int {
    var widest = 0
    for scalar in character.unicodeScalars {
      // The emoji variation selector asks for the picture form, which is two columns wide.
      if scalar.value == 0xFE0F { return max(widest, 2) }
      widest = max(widest, columns(of: scalar))
    }
    return widest
  }

  private static func columns(of scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x300 {
      return scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value) || scalar.value == 0xAD
        ? 0 : 1
    }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return 0
    default: break
    }
    // Vowels and final consonants of a decomposed Hangul syllable share the leading one's cell.
    if (0x1160...0x11FF).contains(scalar.value) { return 0 }
    if scalar.properties.isEmojiPresentation { return 2 }
    return wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
  }

  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF,
    0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
    0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18CFF,
    0x18D00...0x18D08, 0x1AFF0...0x1B2FF, 0x1F200...0x1F320, 0x20000...0x3FFFD,
  ]

  /// A text that cannot move the cursor or change colours: control characters are written out.
  ///
  /// Names and texts come from data and from servers; an escape sequence among them must not
  /// reach the terminal.
  ///
  /// - Parameter text: any text.
  /// - Returns: the text on one line, with `\n`, `\t`, `\r` and `\u{…}` for control characters.
  package static func printable<Text: StringProtocol>(_ text: Text) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return String(text) }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": result.append(contentsOf: "\\n".unicodeScalars)
      case "\r": result.append(contentsOf: "\\r".unicodeScalars)
      case "\t": result.append(contentsOf: "\\t".unicodeScalars)
      case _ where isControl(scalar):
        let code = String(scalar.value, radix: 16, uppercase: true)
        result.append(contentsOf: "\\u{\(code)}".unicodeScalars)
      default: result.append(scalar)
      }
    }
    return String(result)
  }

  private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    // Line separators and the bidirectional overrides rearrange a line as control codes do.
    return value < 0x20 || (0x7F..<0xA0).contains(value) || value == 0x2028 || value == 0x2029
      || (0x202A...0x202E).contains(value) || (0x2066...0x2069).contains(value)
  }

  /// A text cut to a width, with `…` where something was left out.
  ///
  /// - Parameters:
  ///   - text: one line.
  ///   - limit: the number of columns that are there.
  /// - Returns: the text when it fits, else its longest beginning that fits with `…`.
  package static func fitted(_ text: String, to limit: Int) -> String {
    guard columns(text) > limit else { return text }
    guard limit > 0 else { return "" }
    var result = ""
    var used = 0
    for character in text {
      let width = columns(of: character)
      if used + width > limit - 1 { break }
      result.append(character)
      used += width
    }
    return result + "…"
  }

  /// A text followed by spaces up to a width.
  static func padded(_ text: String, to width: Int) -> String {
    text + spaces(width - columns(text))
  }

  /// A number of spaces; none when the number is negative.
  package static func spaces(_ count: Int) -> String {
    String(repeating: " ", count: max(0, count))
  }
}
