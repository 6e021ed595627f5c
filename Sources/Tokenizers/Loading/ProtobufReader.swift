/// Walks over the fields of one message in Protocol Buffers' wire format.
///
/// Source: protobuf.dev, "Encoding".
struct ProtobufReader {
  /// A field's content.
  enum Value {
    /// A variable-length integer.
    case integer(UInt64)
    /// A string, bytes or a message.
    case bytes(ArraySlice<UInt8>)
    /// Four bytes, the lowest first.
    case fixed32(UInt32)
    /// Eight bytes, which nothing here needs.
    case fixed64
  }

  /// One field.
  struct Field {
    /// The field's number.
    let number: UInt64
    /// The content.
    let value: Value
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// A reader at the start of a message.
  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Whether the whole message was read; `false` after ``next()`` stopped at malformed bytes.
  var isAtEnd: Bool { position == bytes.endIndex }

  /// The next field.
  ///
  /// - Returns: the field, or `nil` at the end and at bytes that are no field.
  mutating func next() -> Field? {
    let start = position
    guard !isAtEnd, let key = readInteger() else { return fail(start) }
    let value: Value
    switch key & 7 {
    case 0:
      guard let number = readInteger() else { return fail(start) }
      value = .integer(number)
    case 1:
      guard skip(8) != nil else { return fail(start) }
      value = .fixed64
    case 5:
      guard let bytes = skip(4) else { return fail(start) }
      value = .fixed32(bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
    case 2:
      guard let length = readInteger(), let length = Int(exactly: length),
        let content = skip(length)
      else { return fail(start) }
      value = .bytes(content)
    default: return fail(start)
    }
    return Field(number: key >> 3, value: value)
  }

  private mutating func fail(_ start: Int) -> Field? {
    position = start
    return nil
  }

  private mutating func skip(_ count: Int) -> ArraySlice<UInt8>? {
    guard count <= bytes.endIndex - position else { return nil }
    defer { position += count }
    return bytes[position..<(position + count)]
  }

  private mutating func readInteger() -> UInt64? {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 7) {
      guard position < bytes.endIndex else { return nil }
      let byte = bytes[position]
      position += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
    }
    return nil
  }
}
