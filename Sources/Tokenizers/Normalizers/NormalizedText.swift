/// A text on its way through the normalizers, with memory that is used again.
struct NormalizedText: ~Copyable {
  /// The text as it is now.
  var current = ByteBuffer()
  private var spare = ByteBuffer()
  /// How many of the first bytes come from the first character of the text that was given.
  ///
  /// Only the scheme `first` of Metaspace asks: it puts a space before a text, but not before what
  /// is left when something was cut off its start.
  var head = 0

  /// The number of bytes of the text that was given.
  private(set) var originalCount = 0

  /// Starts with a text.
  mutating func set(_ text: ByteView) {
    originalCount = text.count
    current.removeAll()
    current.append(text)
    head = text.isEmpty ? 0 : ByteView.length(startingWith: text[0])
  }

  /// Writes the text anew.
  ///
  /// - Parameter body: receives the text, an empty buffer for the new one, and the number of the
  ///   first bytes that come from the text's first character; returns that number for the new text.
  mutating func rewrite(_ body: (ByteView, inout ByteBuffer, Int) -> Int) {
    spare.removeAll()
    head = body(current.view, &spare, head)
    swap(&current, &spare)
  }

  /// Writes the text anew, one character after the other.
  ///
  /// - Parameters:
  ///   - isChanged: the ASCII characters that `body` is to receive as well.
  ///   - body: receives a character and the buffer to append to.
  mutating func rewriteScalars(
    ascii isChanged: [Bool]? = nil, _ body: (UInt32, inout ByteBuffer) -> Void
  ) {
    rewrite { text, result, head in
      var newHead = head == 0 ? 0 : -1
      var index = 0
      while index < text.count {
        if newHead < 0, index >= head { newHead = result.count }
        let byte = text[index]
        if byte < 0x80, !(isChanged?[Int(byte)] ?? false) {
          result.append(byte)
          index += 1
          continue
        }
        let (scalar, length) = text.scalar(at: index)
        body(scalar, &result)
        index += length
      }
      return newHead < 0 ? result.count : newHead
    }
  }

  /// Keeps a part of the text.
  mutating func keep(_ range: Range<Int>) {
    guard range != 0..<current.count else { return }
    rewrite { text, result, head in
      result.append(text[range])
      return max(0, min(head, range.upperBound) - range.lowerBound)
    }
  }
}
