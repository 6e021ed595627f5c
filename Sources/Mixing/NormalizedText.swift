/// Texts made comparable.
package enum NormalizedText {
  /// A text in lower case, as UTF-8.
  ///
  /// - Parameter text: the text.
  /// - Returns: the bytes of Python's `text.lower()`, but for sigma at the end of words.
  static func lowercased(_ text: String) -> [UInt8] {
    var bytes = Array(text.utf8)
    for index in bytes.indices {
      let byte = bytes[index]
      if byte >= 0x80 { return Array(text.lowercased().utf8) }
      if byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") { bytes[index] = byte | 0x20 }
    }
    return bytes
  }

  /// A text in lower case, white space at its ends removed and each run of it made one space.
  ///
  /// - Parameter text: the text.
  /// - Returns: UTF-8.
  package static func folded(_ text: String) -> [UInt8] {
    let lower = lowercased(text)
    var result: [UInt8] = []
    result.reserveCapacity(lower.count)
    var isSpaceDue = false
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    if lower.allSatisfy({ $0 < 0x80 }) {
      for byte in lower {
        if isSpace(byte) {
          isSpaceDue = true
          continue
        }
        if isSpaceDue && !result.isEmpty { result.append(0x20) }
        isSpaceDue = false
        result.append(byte)
      }
      return result
    }
    for scalar in String(decoding: lower, as: UTF8.self).unicodeScalars {
      if scalar.value < 0x80 ? isSpace(UInt8(scalar.value)) : scalar.properties.isWhitespace {
        isSpaceDue = true
        continue
      }
      if isSpaceDue && !result.isEmpty { result.append(0x20) }
      isSpaceDue = false
      result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    return result
  }
}
