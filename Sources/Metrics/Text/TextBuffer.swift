/// A place inside a text's UTF-8 bytes.
struct TokenSlice: Sendable {
  var start: Int
  var length: Int
}

/// UTF-8 bytes of one text after another, followed by readable zero bytes; memory is reused.
struct TextBuffer: Sendable {
  /// Zero bytes after the text, so that eight bytes can be read at any place of it.
  static let padding = 8

  /// The text's bytes and the padding.
  private(set) var bytes = [UInt8](repeating: 0, count: padding)

  /// The number of bytes of the text.
  var count: Int { bytes.count - Self.padding }

  /// Replaces the content by a text.
  mutating func load(_ text: String) {
    var text = text
    bytes.removeAll(keepingCapacity: true)
    text.withUTF8 { unsafe bytes.append(contentsOf: $0) }
    pad()
  }

  /// Replaces the content by bytes that `body` appends.
  mutating func fill(_ body: (inout [UInt8]) -> Void) {
    bytes.removeAll(keepingCapacity: true)
    body(&bytes)
    pad()
  }

  /// Removes white space at the end, as Python's `str.rstrip()`.
  mutating func trimEnd() {
    var end = count
    while end > 0 {
      var start = end - 1
      while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
      guard PythonWhiteSpace.length(bytes.span, at: start) > 0 else { break }
      end = start
    }
    shorten(to: end)
  }

  /// Replaces all occurrences of `pattern` from left to right, as Python's `str.replace`.
  ///
  /// - Precondition: `replacement` is not longer than `pattern`.
  mutating func replaceAll(_ pattern: StaticString, with replacement: StaticString) {
    let pattern = Self.bytes(of: pattern)
    let replacement = Self.bytes(of: replacement)
    var read = 0
    var write = 0
    let end = count
    while read < end {
      if bytes[read] == pattern[0], read + pattern.count <= end,
        bytes[read..<read + pattern.count].elementsEqual(pattern)
      {
        for byte in replacement {
          bytes[write] = byte
          write += 1
        }
        read += pattern.count
      } else {
        bytes[write] = bytes[read]
        write += 1
        read += 1
      }
    }
    shorten(to: write)
  }

  private mutating func shorten(to length: Int) {
    guard length < count else { return }
    bytes.removeLast(bytes.count - length)
    pad()
  }

  private mutating func pad() {
    for _ in 0..<Self.padding { bytes.append(0) }
  }

  private static func bytes(of text: StaticString) -> [UInt8] {
    text.withUTF8Buffer { unsafe Array($0) }
  }
}
