/// How BLEU cuts a text into tokens.
///
/// Source: sacreBLEU 2.6.0, `tokenizers/tokenizer_13a.py`, `tokenizer_re.py`, `tokenizer_char.py`.
package enum BLEUTokenizer: String, Sendable, Hashable {
  /// The tokenizer of mteval-v13a.pl, sacreBLEU's default.
  case mteval13a = "13a"
  /// One token for each scalar that is not white space.
  case character = "char"
  /// The words between white space.
  case whiteSpace = "none"

  /// Finds the tokens.
  ///
  /// - Parameters:
  ///   - text: the text; it is changed where the tokenizer replaces something.
  ///   - tokens: receives the tokens' places in the changed text.
  func split(_ text: inout TextBuffer, into tokens: inout [TokenSlice]) {
    tokens.removeAll(keepingCapacity: true)
    text.trimEnd()
    switch self {
    case .mteval13a:
      Self.normalize(&text)
      Self.split13a(text, into: &tokens)
    case .character: PythonWhiteSpace.splitScalars(text, into: &tokens)
    case .whiteSpace: PythonWhiteSpace.split(text, into: &tokens)
    }
  }

  /// The replacements before 13a's expressions; their order matters: `&amp;lt;` becomes `<`.
  private static func normalize(_ text: inout TextBuffer) {
    var hasAngle = false
    var hasLineBreak = false
    var hasAmpersand = false
    for byte in text.bytes {
      hasAngle = hasAngle || byte == UInt8(ascii: "<")
      hasLineBreak = hasLineBreak || byte == UInt8(ascii: "\n")
      hasAmpersand = hasAmpersand || byte == UInt8(ascii: "&")
    }
    if hasAngle { text.replaceAll("<skipped>", with: "") }
    if hasLineBreak {
      text.replaceAll("-\n", with: "")
      text.replaceAll("\n", with: " ")
    }
    if hasAmpersand {
      text.replaceAll("&quot;", with: "\"")
      text.replaceAll("&amp;", with: "&")
      text.replaceAll("&lt;", with: "<")
      text.replaceAll("&gt;", with: ">")
    }
  }

  /// What 13a's four expressions and the split at white space do, in one pass.
  ///
  /// The expressions only put spaces between characters, so every token is a part of the text:
  /// 1. ASCII symbols except `' , - .` stand alone;
  /// 2. a period or comma stands alone after anything but a digit. The character before it must not
  ///    be a period or comma that the expression has just taken: in `a..5` only the first one is;
  /// 3. a period or comma stands alone before anything but a digit;
  /// 4. a dash stands alone after a digit.
  private static func split13a(_ text: borrowing TextBuffer, into tokens: inout [TokenSlice]) {
    let bytes = text.bytes.span
    let end = text.count
    var start = -1
    var followsFreeNonDigit = true
    var followsDigit = false
    var index = 0

    while index < end {
      let byte = bytes[index]
      var standsAlone = false
      var space = 0
      var isFreeNonDigit = true
      var isDigit = false
      switch CharacterClass(byte) {
      case .letter: break
      case .digit:
        isFreeNonDigit = false
        isDigit = true
      case .symbol: standsAlone = true
      case .periodOrComma:
        standsAlone = followsFreeNonDigit || index + 1 == end || !Self.isDigit(bytes[index + 1])
        isFreeNonDigit = !followsFreeNonDigit
      case .dash: standsAlone = followsDigit
      case .perhapsWhiteSpace: space = PythonWhiteSpace.length(bytes, at: index)
      }
      if standsAlone || space > 0 {
        if start >= 0 { tokens.append(TokenSlice(start: start, length: index - start)) }
        if standsAlone { tokens.append(TokenSlice(start: index, length: 1)) }
        start = -1
      } else if start < 0 {
        start = index
      }
      followsFreeNonDigit = isFreeNonDigit
      followsDigit = isDigit
      index += max(space, 1)
    }
    if start >= 0 { tokens.append(TokenSlice(start: start, length: end - start)) }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }

  private enum CharacterClass {
    case letter, digit, symbol, periodOrComma, dash, perhapsWhiteSpace

    @inline(__always)
    init(_ byte: UInt8) {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "'"), 0x7F:
        self = .letter
      case UInt8(ascii: "."), UInt8(ascii: ","): self = .periodOrComma
      case UInt8(ascii: "-"): self = .dash
      case 0x00...0x20, 0xC2, 0xE1...0xE3: self = .perhapsWhiteSpace
      case 0x80...0xFF: self = .letter
      default: self = .symbol
      }
    }
  }
}
