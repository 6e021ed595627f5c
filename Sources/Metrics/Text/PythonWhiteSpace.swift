/// White space as Python's `str.split()` and `str.isspace()` know it.
///
/// Source: CPython 3.11, `_PyUnicode_IsWhitespace`: U+0009–U+000D, U+001C–U+0020, U+0085, U+00A0,
/// U+1680, U+2000–U+200A, U+2028, U+2029, U+202F, U+205F, U+3000.
enum PythonWhiteSpace {
  /// The number of bytes of the white-space scalar at a place; 0 when there is none.
  ///
  /// - Parameters:
  ///   - bytes: valid UTF-8 with at least three readable bytes from `index` on.
  ///   - index: the first byte of a scalar.
  /// - Returns: 0 to 3.
  @inline(__always)
  static func length(_ bytes: Span<UInt8>, at index: Int) -> Int {
    let byte = bytes[index]
    if byte < 0x80 { return isASCIIWhiteSpace(byte) ? 1 : 0 }
    switch byte {
    case 0xC2:
      let next = bytes[index + 1]
      return next == 0x85 || next == 0xA0 ? 2 : 0
    case 0xE1, 0xE2, 0xE3:
      let tail = UInt16(bytes[index + 1]) << 8 | UInt16(bytes[index + 2])
      return isWideWhiteSpace(lead: byte, tail: tail) ? 3 : 0
    default: return 0
    }
  }

  /// Whether an ASCII byte is white space.
  @inline(__always)
  static func isASCIIWhiteSpace(_ byte: UInt8) -> Bool {
    byte <= 0x20 && (byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) || byte >= 0x1C)
  }

  private static func isWideWhiteSpace(lead: UInt8, tail: UInt16) -> Bool {
    switch lead {
    case 0xE1: return tail == 0x9A80
    case 0xE3: return tail == 0x8080
    default:
      switch tail {
      case 0x8080...0x808A, 0x80A8, 0x80A9, 0x80AF, 0x819F: return true
      default: return false
      }
    }
  }

  /// Appends the words of a text, as Python's `str.split()`.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - words: receives the words in order.
  static func split(_ text: borrowing TextBuffer, into words: inout [TokenSlice]) {
    let bytes = text.bytes.span
    let end = text.count
    var start = -1
    var index = 0
    while index < end {
      let space = length(bytes, at: index)
      if space == 0 {
        if start < 0 { start = index }
        index += 1
      } else {
        if start >= 0 { words.append(TokenSlice(start: start, length: index - start)) }
        start = -1
        index += space
      }
    }
    if start >= 0 { words.append(TokenSlice(start: start, length: end - start)) }
  }

  /// Appends the scalars of a text that are not white space.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - scalars: receives one slice per scalar in order.
  static func splitScalars(_ text: borrowing TextBuffer, into scalars: inout [TokenSlice]) {
    let bytes = text.bytes.span
    let end = text.count
    var index = 0
    while index < end {
      let space = length(bytes, at: index)
      if space > 0 {
        index += space
        continue
      }
      let lead = bytes[index]
      let length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
      scalars.append(TokenSlice(start: index, length: length))
      index += length
    }
  }
}
