/// The expressions of well-known byte-level models, written out as scanners.
///
/// Each of them fits at every place of a text, so that its matches lie end to end.
enum WordPattern: Sendable {
  /// GPT-2's.
  case gpt2
  /// That of cl100k and LLaMA 3, with numbers of at most so many digits.
  case cl100k(digits: Int)

  /// GPT-2's expression.
  ///
  /// Source: openai/gpt-2, encoder.py.
  static let gpt2Expression =
    #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// An expression with a scanner.
  ///
  /// - Parameter expression: the pattern; `nil` results from all but the known ones.
  init?(expression: String) {
    func cl100k(_ number: String) -> String {
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\#(number)| ?[^\s\p{L}\p{N}]+[\r\n]*"#
        + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#
    }
    switch expression {
    case Self.gpt2Expression: self = .gpt2
    case cl100k(#"\p{N}{1,3}"#): self = .cl100k(digits: 3)
    case cl100k(#"\p{N}"#): self = .cl100k(digits: 1)
    default: return nil
    }
  }

  /// The classes of characters that the expressions tell apart.
  private enum Class: UInt8 {
    case letter, number, space, lineEnd, other
  }

  private static let asciiClasses: [Class] = (0..<128).map { (byte: UInt32) in
    byte == 0x0A || byte == 0x0D ? .lineEnd : classOf(ScalarProperties.table[byte])
  }

  private static func classOf(_ properties: ScalarProperties) -> Class {
    if properties.contains(.regexLetter) { return .letter }
    if properties.contains(.regexNumber) { return .number }
    return properties.contains(.regexSpace) ? .space : .other
  }

  @inline(__always) private static func classOf(
    _ text: ByteView, at index: Int
  ) -> (value: Class, length: Int) {
    let byte = text[index]
    if byte < 0x80 { return (asciiClasses[Int(byte)], 1) }
    let (scalar, length) = text.scalar(at: index)
    return (classOf(ScalarProperties.table[scalar]), length)
  }

  /// Where a run of a class ends.
  @inline(__always) private static func end(
    of wanted: Class, _ text: ByteView, from start: Int
  ) -> Int {
    var index = start
    while index < text.count {
      let (found, length) = classOf(text, at: index)
      guard found == wanted else { break }
      index += length
    }
    return index
  }

  /// Where the match ends that starts at a place.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - start: the place, inside the text.
  /// - Returns: the end.
  @inline(__always) func end(in text: ByteView, from start: Int) -> Int {
    switch self {
    case .gpt2: Self.gpt2End(text, start)
    case .cl100k(let digits): Self.cl100kEnd(text, start, digits)
    }
  }

  private static func gpt2End(_ text: ByteView, _ start: Int) -> Int {
    let byte = text[start]
    if byte == UInt8(ascii: "'"), let end = contractionEnd(text, start, foldsCase: false) {
      return end
    }
    var first = classOf(text, at: start)
    var index = start + first.length
    if byte == 0x20, index < text.count {
      let next = classOf(text, at: index)
      if next.value != .space && next.value != .lineEnd {
        first = next
        index += next.length
      }
    }
    switch first.value {
    case .letter, .number, .other: return end(of: first.value, text, from: index)
    case .space, .lineEnd: return whiteSpaceEnd(text, start).end
    }
  }

  private static func cl100kEnd(_ text: ByteView, _ start: Int, _ digits: Int) -> Int {
    let byte = text[start]
    if byte == UInt8(ascii: "'"), let end = contractionEnd(text, start, foldsCase: true) {
      return end
    }
    let first = classOf(text, at: start)
    let index = start + first.length
    switch first.value {
    case .letter: return end(of: .letter, text, from: index)
    case .number:
      var end = index
      for _ in 1..<max(1, digits) where end < text.count {
        let next = classOf(text, at: end)
        guard next.value == .number else { break }
        end += next.length
      }
      return end
    case .space, .other:
      if index < text.count {
        let next = classOf(text, at: index)
        if next.value == .letter { return end(of: .letter, text, from: index) }
        if byte == 0x20, next.value == .other {
          return end(of: .lineEnd, text, from: end(of: .other, text, from: index))
        }
      }
      if first.value == .other {
        return end(of: .lineEnd, text, from: end(of: .other, text, from: index))
      }
    case .lineEnd: break
    }
    let space = whiteSpaceEnd(text, start)
    return space.lineEnd ?? space.end
  }

  /// Where white space ends when it is to leave a last character to the word that follows, and
  /// where the last line end in it does.
  private static func whiteSpaceEnd(_ text: ByteView, _ start: Int) -> (end: Int, lineEnd: Int?) {
    var index = start
    var last = start
    var lineEnd: Int?
    while index < text.count {
      let (found, length) = classOf(text, at: index)
      guard found == .space || found == .lineEnd else {
        return (last > start ? last : index, lineEnd)
      }
      last = index
      index += length
      if found == .lineEnd { lineEnd = index }
    }
    return (index, lineEnd)
  }

  /// Where `'s`, `'re` and their like end.
  private static func contractionEnd(
    _ text: ByteView, _ start: Int, foldsCase: Bool
  ) -> Int? {
    guard start + 1 < text.count else { return nil }
    let fold: UInt8 = foldsCase ? 0x20 : 0
    let first = text[start + 1]
    switch first | (first < 0x80 ? fold : 0) {
    case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
      return start + 2
    case UInt8(ascii: "r"), UInt8(ascii: "v"):
      return start + 2 < text.count && text[start + 2] | fold == UInt8(ascii: "e")
        ? start + 3 : nil
    case UInt8(ascii: "l"):
      return start + 2 < text.count && text[start + 2] | fold == UInt8(ascii: "l")
        ? start + 3 : nil
    // U+017F, the long s, is an s in either case.
    case 0xC5 where foldsCase && start + 2 < text.count && text[start + 2] == 0xBF:
      return start + 3
    default: return nil
    }
  }
}
