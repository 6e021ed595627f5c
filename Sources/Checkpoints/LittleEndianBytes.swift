/// Bytes read as little-endian numbers; nil where they end.
struct LittleEndianBytes {
  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var count: Int { bytes.count }

  func uint16(_ position: Int) -> UInt16? { number(position, 2).map { UInt16($0) } }

  func uint32(_ position: Int) -> UInt32? { number(position, 4).map { UInt32($0) } }

  func uint64(_ position: Int) -> UInt64? { number(position, 8) }

  func slice(_ position: Int, _ length: Int) -> [UInt8]? {
    guard position >= 0, length >= 0, position <= count, length <= count - position else {
      return nil
    }
    return Array(bytes[position..<position + length])
  }

  private func number(_ position: Int, _ length: Int) -> UInt64? {
    guard position >= 0, position <= count, length <= count - position else { return nil }
    return bytes[position..<position + length].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }
}
