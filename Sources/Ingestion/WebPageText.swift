/// Turns the HTML of a saved chat page into Markdown, and removes what the page added.
///
/// Only tags that such pages use are touched, so that `vector<int>` and code between back quotes
/// stay as they are.
///
/// Source: after FastChat's `clean_sharegpt.py` in what is removed: containers, `2 / 3` before a
/// turn, `Copy code`, `Copy12 chars / 3 words`, empty code blocks. The conversion itself is our own.
enum WebPageText {
  /// Cleans a turn's text.
  ///
  /// - Parameter text: HTML, or Markdown with traces of a page.
  /// - Returns: Markdown without white space around it.
  static func cleaned(_ text: String) -> String {
    var converter = MarkupConverter(Array(text.utf8))
    var bytes = withoutCopyTraces(converter.convert())
    bytes = withoutPageNumber(trimmed(bytes))
    bytes = withPlainCodeBlocks(bytes)
    return String(decoding: trimmed(withoutEmptyLines(bytes)), as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
    var rest = bytes[...]
    rest = rest.drop(while: isWhiteSpace)
    while let last = rest.last, isWhiteSpace(last) { rest.removeLast() }
    return Array(rest)
  }

  /// Matches literal text and `#`, which stands for digits; the offset after the match.
  private static func match(_ pattern: StaticString, _ bytes: [UInt8], at start: Int) -> Int? {
    var place = start
    for position in 0..<pattern.utf8CodeUnitCount {
      let byte = unsafe pattern.utf8Start[position]
      if byte == UInt8(ascii: "#") {
        let first = place
        while place < bytes.count, isDigit(bytes[place]) { place += 1 }
        if place == first { return nil }
      } else {
        guard place < bytes.count, bytes[place] == byte else { return nil }
        place += 1
      }
    }
    return place
  }

  /// Removes `2 / 3` from the start: the page's counter of alternative answers.
  private static func withoutPageNumber(_ bytes: [UInt8]) -> [UInt8] {
    match("# / #", bytes, at: 0).map { Array(bytes[$0...]) } ?? bytes
  }

  /// Removes `Copy12 chars / 3 words`.
  private static func withoutCopyTraces(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "C"),
        let end = match("Copy# chars / # words", bytes, at: place)
      {
        place = end
      } else {
        result.append(bytes[place])
        place += 1
      }
    }
    return result
  }

  /// Removes the button's label from the head of code blocks, and code blocks without code.
  private static func withPlainCodeBlocks(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var place = 0
    var isOpen = false
    while place < bytes.count {
      guard bytes[place] == UInt8(ascii: "`"), let afterFence = match("```", bytes, at: place)
      else {
        result.append(bytes[place])
        place += 1
        continue
      }
      defer { isOpen.toggle() }
      result.append(contentsOf: "```".utf8)
      place = afterFence
      guard !isOpen, let head = copyHead(bytes, at: afterFence) else { continue }
      var rest = head.end
      while rest < bytes.count, isWhiteSpace(bytes[rest]) { rest += 1 }
      if let end = match("```", bytes, at: rest) {
        result.removeLast(3)
        place = end
        // Both fences are gone, so the state stays what it was.
        isOpen.toggle()
        continue
      }
      result.append(contentsOf: head.language)
      if bytes[head.end...].first != UInt8(ascii: "\n") { result.append(UInt8(ascii: "\n")) }
      place = head.end
    }
    return result
  }

  /// The language and the end of the label in `python\nCopy code` after a fence.
  private static func copyHead(
    _ bytes: [UInt8], at start: Int
  ) -> (language: ArraySlice<UInt8>, end: Int)? {
    var place = start
    while place < bytes.count, isWhiteSpace(bytes[place]) { place += 1 }
    let languageStart = place
    while place < bytes.count, place - languageStart <= 30 {
      if var end = match("Copy code", bytes, at: place) {
        while let next = match("Copy code", bytes, at: end) { end = next }
        var languageEnd = place
        while languageEnd > languageStart, isWhiteSpace(bytes[languageEnd - 1]) { languageEnd -= 1 }
        return (bytes[languageStart..<languageEnd], end)
      }
      place += 1
    }
    return nil
  }

  /// Leaves one empty line where there were several.
  private static func withoutEmptyLines(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var lineFeeds = 0
    for byte in bytes {
      lineFeeds = byte == UInt8(ascii: "\n") ? lineFeeds + 1 : 0
      if lineFeeds <= 2 { result.append(byte) }
    }
    return result
  }
}
