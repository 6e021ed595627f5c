/// Percent escapes of URLs.
///
/// Source: RFC 3986, section 2.1.
package enum PercentEncoding {
  /// Decodes escapes; `+` stays as it is, and so does a `%` that starts no escape.
  ///
  /// - Parameter text: the bytes of a path or of a part of a query.
  /// - Returns: the text; `nil` when the decoded bytes are not UTF-8.
  package static func decode(_ text: some Collection<UInt8>) -> String? {
    let text = Array(text)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var position = 0
    while position < text.count {
      if text[position] == UInt8(ascii: "%"), position + 2 < text.count,
        let high = digit(text[position + 1]), let low = digit(text[position + 2])
      {
        bytes.append(high << 4 | low)
        position += 3
      } else {
        bytes.append(text[position])
        position += 1
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
