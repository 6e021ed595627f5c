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

  /// Appends the numbers of a text's scalars; new ones are added.
  mutating func intern(_ text: borrowing TextBuffer, into symbols: inout [UInt32]) {
    let bytes = text.bytes.span
    let end = text.count
    var index = 0
    while index < end {
      let space = PythonWhiteSpace.length(bytes, at: index)
      if space > 0 {
        index += space
        continue
      }
      let length = Self.length(bytes[index])
      if length == 1 {
        let byte = Int(bytes[index])
        if ascii[byte] == .max {
          ascii[byte] = UInt32(count)
          count += 1
        }
        symbols.append(ascii[byte])
      } else {
        let number = Int(others.intern(text.bytes, TokenSlice(start: index, length: length)))
        if number == otherNumbers.count {
          otherNumbers.append(UInt32(count))
          count += 1
        }
        symbols.append(otherNumbers[number])
      }
      index += length
    }
  }

  /// Appends the numbers of a text's scalars, ``count`` for those that are not here.
  func find(_ text: borrowing TextBuffer, into symbols: inout [UInt32]) {
    let bytes = text.bytes.span
    let end = text.count
    let unknown = UInt32(count)
    var index = 0
    while index < end {
      let space = PythonWhiteSpace.length(bytes, at: index)
      if space > 0 {
        index += space
        continue
      }
      let length = Self.length(bytes[index])
      if length == 1 {
        symbols.append(min(ascii[Int(bytes[index])], unknown))
      } else {
        let number = Int(others.find(text.bytes, TokenSlice(start: index, length: length)))
        symbols.append(number < otherNumbers.count ? otherNumbers[number] : unknown)
      }
      index += length
    }
  }

  @inline(__always)
  private static func length(_ lead: UInt8) -> Int {
    lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
