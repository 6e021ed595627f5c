/// Repairs JSON as Python writes it, with `NaN` and `Infinity`, which strict parsers refuse.
package enum NonFiniteNumbers {
  /// Replaces the words `NaN`, `Infinity` and `-Infinity` outside strings by `null`.
  ///
  /// - Parameter text: JSON but for those words.
  /// - Returns: the text with `null` in their place, and how many there were.
  package static func replacedByNull(in text: [UInt8]) -> (text: [UInt8], count: Int) {
    let words = ["NaN", "-Infinity", "Infinity"].map { Array($0.utf8) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var count = 0
    var isInString = false
    var position = 0
    while position < text.count {
      let byte = text[position]
      if isInString, byte == UInt8(ascii: "\\"), position + 1 < text.count {
        result += [byte, text[position + 1]]
        position += 2
        continue
      }
      if byte == UInt8(ascii: "\"") { isInString.toggle() }
      if !isInString, let word = words.first(where: { text[position...].starts(with: $0) }) {
        result += "null".utf8
        count += 1
        position += word.count
        continue
      }
      result.append(byte)
      position += 1
    }
    return (result, count)
  }
}
