/// Searches in bytes, since `String` finds by canonical equivalence.
enum ByteSearch {
  /// The first place of `needle`.
  static func firstIndex(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
    bytes.span.firstIndex(of: needle.span, foldingCase: false)
  }

  /// Whether `needle`, in lower-case ASCII, occurs in a text with letters in either case.
  static func contains(_ needle: [UInt8], inEitherCase text: String) -> Bool {
    text.utf8.span.firstIndex(of: needle.span, foldingCase: true) != nil
  }

  /// ASCII capitals in lower case; other bytes stay.
  static func lowered(_ byte: UInt8) -> UInt8 { (65...90).contains(byte) ? byte | 0x20 : byte }
}

extension Span<UInt8> {
  fileprivate func firstIndex(of needle: Span<UInt8>, foldingCase: Bool) -> Int? {
    guard !needle.isEmpty, needle.count <= count else { return nil }
    let lead = needle[0]
    for start in 0...(count - needle.count) {
      let byte = self[start]
      guard byte == lead || (foldingCase && ByteSearch.lowered(byte) == lead) else { continue }
      var length = 1
      while length < needle.count {
        let byte = self[start + length]
        guard (foldingCase ? ByteSearch.lowered(byte) : byte) == needle[length] else { break }
        length += 1
      }
      if length == needle.count { return start }
    }
    return nil
  }
}
