/// Finds where a JSON value ends by its brackets and quotes alone; it can be fed in pieces.
///
/// Inside strings it looks at eight bytes at a time for the three that matter: a quote, a
/// backslash, a control character.
///
/// Source: the "has less than n" and "has zero byte" tests of S. E. Anderson, Bit Twiddling Hacks;
/// the lowest marked byte is exact, which is the only one used.
struct ElementScanner {
  enum Outcome: Equatable {
    /// All bytes belong to the value and it is not over.
    case needsMore
    /// The value ends before this offset.
    case ended(Int)
    /// The bytes cannot be one value.
    case broken(String)
  }

  private enum Kind { case undecided, container, string, scalar }

  private var kind = Kind.undecided
  private var depth = 0
  /// One bit per depth, 1 for an array; depths beyond 64 are not told apart.
  private var arrays: UInt64 = 0
  private(set) var isInsideString = false
  private var isEscaped = false

  /// Continues the scan.
  ///
  /// - Parameters:
  ///   - bytes: the value's bytes from its first one; 8 bytes after `end` must be readable.
  ///   - start: the first offset not scanned yet.
  ///   - end: the number of bytes known.
  /// - Returns: what was found.
  mutating func scan(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Outcome {
    guard start < end else { return .needsMore }
    var offset = start
    if kind == .undecided {
      switch unsafe bytes[offset] {
      case UInt8(ascii: "{"), UInt8(ascii: "["): kind = .container
      case UInt8(ascii: "\""):
        kind = .string
        isInsideString = true
        offset += 1
      default: kind = .scalar
      }
    }
    if kind == .scalar { return unsafe scanScalar(bytes, from: offset, to: end) }
    if isEscaped, offset < end {
      isEscaped = false
      offset += 1
    }
    while offset < end {
      if isInsideString {
        unsafe offset = Self.endOfPlainText(bytes, from: offset, to: end)
        if offset >= end { break }
        switch unsafe bytes[offset] {
        case UInt8(ascii: "\""):
          isInsideString = false
          if depth == 0 { return .ended(offset + 1) }
          offset += 1
        case UInt8(ascii: "\\"):
          isEscaped = offset + 1 == end
          offset += 2
        case UInt8(ascii: "\n"): return .broken("a string is not closed at the end of its line")
        default: offset += 1
        }
        continue
      }
      let byte = unsafe bytes[offset]
      offset += 1
      if byte == UInt8(ascii: "\"") {
        isInsideString = true
      } else if byte | 0x20 == UInt8(ascii: "{") {
        // "[" is 0x5B and "{" 0x7B; the closing brackets stand two places further.
        if depth < 64 {
          let bit: UInt64 = 1 << UInt64(depth)
          arrays = byte == UInt8(ascii: "[") ? arrays | bit : arrays & ~bit
        }
        depth += 1
      } else if byte | 0x20 == UInt8(ascii: "}") {
        depth -= 1
        if depth < 64, (arrays >> UInt64(depth)) & 1 != (byte == UInt8(ascii: "]") ? 1 : 0) {
          return .broken(
            byte == UInt8(ascii: "]")
              ? "“]” closes an object; expected “}”" : "“}” closes an array; expected “]”")
        }
        if depth == 0 { return .ended(offset) }
      }
    }
    return .needsMore
  }

  private func scanScalar(_ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int) -> Outcome {
    for offset in start..<end {
      switch unsafe bytes[offset] {
      case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: " "),
        UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"):
        return .ended(offset)
      default: continue
      }
    }
    return .needsMore
  }

  /// The offset of the first quote, backslash or control character; `end` or more if there is none.
  @inline(__always)
  private static func endOfPlainText(
    _ bytes: UnsafePointer<UInt8>, from start: Int, to end: Int
  ) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highBits: UInt64 = 0x8080_8080_8080_8080
    let base = unsafe UnsafeRawPointer(bytes)
    var offset = start
    while offset < end {
      let word = unsafe UInt64(
        littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      let quotes = word ^ (ones &* UInt64(UInt8(ascii: "\"")))
      let backslashes = word ^ (ones &* UInt64(UInt8(ascii: "\\")))
      let marked =
        ((quotes &- ones) & ~quotes | (backslashes &- ones) & ~backslashes
          | (word &- ones &* 0x20) & ~word) & highBits
      if marked != 0 { return offset + marked.trailingZeroBitCount / 8 }
      offset += 8
    }
    return offset
  }
}
