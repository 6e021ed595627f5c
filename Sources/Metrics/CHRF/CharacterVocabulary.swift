/// Numbers the scalars of a text that are not white space: 0 for the first one, 1 for the next new
/// one…
struct CharacterVocabulary: Sendable {
  private var ascii = [UInt32](repeating: .max, count: 128)
  private var others = Vocabulary()
  /// The number of each scalar of `others`.
  private var otherNumbers: [UInt32] = []

  /// The number of scalars; also the number of scalars that are not here.
  private(set) var count = 0

  /// Forgets all scalars and keeps the memory.
  mutating func removeAll() {
    for index in ascii.indices { ascii[index] = .max }
    others.removeAll()
    otherNumbers.removeAll(keepingCapacity: true)
    count = 0
  }

  /// Replaces `symbols` by the numbers of a text's scalars; new ones are added.
  mutating func intern(_ text: borrowing TextBuffer, into symbols: inout [UInt32]) {
    Self.encode(text, into: &symbols) { index, length, bytes in
      if length == 1 {
        let byte = Int(bytes[index])
        if ascii[byte] == .max {
          ascii[byte] = UInt32(count)
          count += 1
        }
        return ascii[byte]
      }
      let number = Int(others.intern(bytes, TokenSlice(start: index, length: length)))
      if number == otherNumbers.count {
        otherNumbers.append(UInt32(count))
        count += 1
      }
      return otherNumbers[number]
    }
  }

  /// Replaces `symbols` by the numbers of a text's scalars, ``count`` for those that are not here.
  func find(_ text: borrowing TextBuffer, into symbols: inout [UInt32]) {
    let unknown = UInt32(count)
    Self.encode(text, into: &symbols) { index, length, bytes in
      if length == 1 { return min(ascii[Int(bytes[index])], unknown) }
      let number = Int(others.find(bytes, TokenSlice(start: index, length: length)))
      return number < otherNumbers.count ? otherNumbers[number] : unknown
    }
  }

  @inline(__always)
  private static func encode(
    _ text: borrowing TextBuffer, into symbols: inout [UInt32],
    _ number: (_ index: Int, _ length: Int, _ bytes: [UInt8]) -> UInt32
  ) {
    let end = text.count
    // One symbol for each byte is more than enough; the rest is cut off.
    symbols.removeAll(keepingCapacity: true)
    symbols.append(contentsOf: repeatElement(0, count: end))
    var output = symbols.mutableSpan
    let bytes = text.bytes.span
    var written = 0
    var index = 0
    while index < end {
      let space = PythonWhiteSpace.length(bytes, at: index)
      if space > 0 {
        index += space
        continue
      }
      let length = length(bytes[index])
      output[written] = number(index, length, text.bytes)
      written += 1
      index += length
    }
    symbols.removeLast(end - written)
  }

  @inline(__always)
  private static func length(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
