/// Rewrites the HTML tags of a chat page as Markdown in one pass; everything else is copied.
struct MarkupConverter {
  private let bytes: [UInt8]
  private var output: [UInt8] = []
  private var place = 0
  /// The number of the next item of each open list; `nil` in a list without numbers.
  private var lists: [Int?] = []
  private var isInPreformatted = false
  /// Entities are decoded only in a text that has tags: Markdown writes `&lt;` when it means it.
  private var hasTags = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The text with its tags rewritten.
  mutating func convert() -> [UInt8] {
    hasTags = containsTag()
    guard hasTags else { return bytes }
    output.reserveCapacity(bytes.count)
    while place < bytes.count {
      switch bytes[place] {
      case UInt8(ascii: "<"):
        if let tag = Tag(bytes, at: place) {
          place = tag.end
          rewrite(tag)
        } else {
          copyByte()
        }
      case UInt8(ascii: "&"): copyEntity()
      case UInt8(ascii: "`") where !isInPreformatted: copyCode()
      default: copyByte()
      }
    }
    return output
  }

  private func containsTag() -> Bool {
    var scan = self
    while scan.place < bytes.count {
      switch bytes[scan.place] {
      case UInt8(ascii: "<"):
        if Tag(bytes, at: scan.place) != nil { return true }
        scan.place += 1
      case UInt8(ascii: "`"): scan.place = scan.endOfCode()
      default: scan.place += 1
      }
    }
    return false
  }

  private mutating func copyByte() {
    output.append(bytes[place])
    place += 1
  }

  private mutating func copyCode() {
    let end = endOfCode()
    output.append(contentsOf: bytes[place..<end])
    place = end
  }

  /// The offset after the code that back quotes here begin, or after the quotes when none end it.
  private func endOfCode() -> Int {
    var opening = place
    while opening < bytes.count, bytes[opening] == UInt8(ascii: "`") { opening += 1 }
    let length = opening - place
    // Code in a line ends in it; a block may go on to the end.
    let isBlock = length >= 3
    var scan = opening
    while scan < bytes.count, isBlock || bytes[scan] != UInt8(ascii: "\n") {
      guard bytes[scan] == UInt8(ascii: "`") else {
        scan += 1
        continue
      }
      let start = scan
      while scan < bytes.count, bytes[scan] == UInt8(ascii: "`") { scan += 1 }
      if scan - start == length { return scan }
    }
    return isBlock ? bytes.count : opening
  }

  private mutating func copyEntity() {
    let entities: [(name: StaticString, text: StaticString)] = [
      ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"), ("&quot;", "\""), ("&#39;", "'"),
      ("&apos;", "'"), ("&nbsp;", " "), ("&#x27;", "'"),
    ]
    for entity in entities where starts(with: entity.name) {
      append(entity.text)
      place += entity.name.utf8CodeUnitCount
      return
    }
    copyByte()
  }

  private func starts(with text: StaticString) -> Bool {
    unsafe bytes[place...].starts(
      with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ text: StaticString) {
    unsafe output.append(
      contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func breakLine() {
    if let last = output.last, last != UInt8(ascii: "\n") { append("\n") }
  }

  private mutating func breakParagraph() {
    breakLine()
    if !output.isEmpty, output.suffix(2) != [0x0A, 0x0A] { append("\n") }
  }

  private mutating func rewrite(_ tag: Tag) {
    if isInPreformatted {
      if tag.name == "pre", tag.isClosing {
        isInPreformatted = false
        breakLine()
        append("```")
        breakParagraph()
      } else if tag.name == "br" {
        append("\n")
      }
      return
    }
    switch tag.name {
    case "pre" where !tag.isClosing:
      breakParagraph()
      append("```\n")
      isInPreformatted = true
    case "p", "table", "blockquote", "section", "article": breakParagraph()
    case "div", "tr", "thead", "tbody": breakLine()
    case "br": append("\n")
    case "hr":
      breakParagraph()
      append("---")
      breakParagraph()
    case "td", "th": if tag.isClosing { append(" | ") }
    case "strong", "b": append("**")
    case "em", "i": append("*")
    case "code": append("`")
    case "ul", "ol": rewriteList(tag)
    case "li": rewriteItem(tag)
    case "h1", "h2", "h3", "h4", "h5", "h6":
      breakParagraph()
      if !tag.isClosing {
        let level = Int(tag.name.dropFirst()) ?? 1
        output.append(contentsOf: repeatElement(UInt8(ascii: "#"), count: level))
        append(" ")
      }
    default: break
    }
  }

  private mutating func rewriteList(_ tag: Tag) {
    if tag.isClosing {
      _ = lists.popLast()
      if lists.isEmpty { breakParagraph() }
    } else {
      if lists.isEmpty { breakParagraph() }
      lists.append(tag.name == "ol" ? 1 : nil)
    }
  }

  private mutating func rewriteItem(_ tag: Tag) {
    breakLine()
    if tag.isClosing { return }
    output.append(contentsOf: repeatElement(0x20, count: 2 * max(0, lists.count - 1)))
    if let last = lists.last, let number = last {
      output.append(contentsOf: "\(number). ".utf8)
      lists[lists.count - 1] = number + 1
    } else {
      append("- ")
    }
  }
}

extension MarkupConverter {
  /// A tag that chat pages use.
  struct Tag {
    let name: String
    let isClosing: Bool
    /// The offset after the tag.
    let end: Int

    private static let names: Set<String> = [
      "a", "article", "b", "blockquote", "br", "button", "circle", "code", "div", "em", "g", "h1",
      "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "li", "line", "ol", "p", "path", "polyline",
      "pre", "rect", "section", "span", "strong", "svg", "table", "tbody", "td", "th", "thead",
      "tr", "ul",
    ]
    /// A `<` without its `>` this near begins no tag; keeps the scan linear.
    private static let longest = 4096

    /// Reads the tag at an offset; `nil` when there is none or it is not a known one.
    init?(_ bytes: [UInt8], at start: Int) {
      var place = start + 1
      let isClosing = place < bytes.count && bytes[place] == UInt8(ascii: "/")
      if isClosing { place += 1 }
      let nameStart = place
      while place < bytes.count, place - nameStart <= 10, Self.isNameByte(bytes[place]) {
        place += 1
      }
      let name = String(decoding: bytes[nameStart..<place], as: UTF8.self).lowercased()
      guard Self.names.contains(name) else { return nil }
      var quote: UInt8?
      let limit = min(bytes.count, start + Self.longest)
      while place < limit {
        let byte = bytes[place]
        place += 1
        if let open = quote {
          if byte == open { quote = nil }
        } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        } else if byte == UInt8(ascii: "<") {
          return nil
        } else if byte == UInt8(ascii: ">") {
          self.name = name
          self.isClosing = isClosing
          end = place
          return
        }
      }
      return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
      (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
  }
}
