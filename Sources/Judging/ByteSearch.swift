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
  /// Source: R. N. Horspool, Practical Fast Searching in Strings (1980): the byte under the needle's
  /// end says how far it can be moved.
  fileprivate func firstIndex(of needle: Span<UInt8>, foldingCase: Bool) -> Int? {
    guard !needle.isEmpty, needle.count <= count else { return nil }
    let last = needle.count - 1
    var steps = [256 of Int](repeating: needle.count)
    for offset in 0..<last {
      steps[Int(needle[offset])] = last - offset
      if foldingCase, (97...122).contains(needle[offset]) {
        steps[Int(needle[offset]) - 32] = last - offset
      }
    }
    var start = 0
    while start <= count - needle.count {
      var offset = last
      while needle[offset]
        == (foldingCase ? ByteSearch.lowered(self[start + offset]) : self[start + offset])
      {
        if offset == 0 { return start }
        offset -= 1
      }
      start += steps[Int(self[start + last])]
    }
    return nil
  }
}
