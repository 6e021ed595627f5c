/// Searches in bytes, since `String` finds by canonical equivalence.
enum ByteSearch {
  static func contains(_ needle: [UInt8], in bytes: [UInt8]) -> Bool {
    firstIndex(of: needle, in: bytes) != nil
  }

  static func firstIndex(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
    guard let lead = needle.first, needle.count <= bytes.count else { return nil }
    for start in 0...(bytes.count - needle.count) where bytes[start] == lead {
      if bytes[start..<(start + needle.count)].elementsEqual(needle) { return start }
    }
    return nil
  }
}
