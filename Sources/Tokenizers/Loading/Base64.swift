/// Base64 with padding, as RFC 4648 has it.
///
/// Foundation can read it too, but loading Foundation costs more than the reading.
enum Base64 {
  private static let digits: [UInt8?] = {
    var digits = [UInt8?](repeating: nil, count: 256)
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for (value, digit) in alphabet.utf8.enumerated() { digits[Int(digit)] = UInt8(value) }
    return digits
  }()

  /// The bytes of a text, or `nil` when it is not base64.
  static func decode(_ text: String) -> [UInt8]? {
    var content = text.utf8[...]
    guard content.count % 4 == 0 else { return nil }
    for _ in 0..<2 where content.last == UInt8(ascii: "=") { content = content.dropLast() }
    var result: [UInt8] = []
    result.reserveCapacity(content.count * 3 / 4)
    var bits: UInt32 = 0
    var count: UInt32 = 0
    for character in content {
      guard let digit = digits[Int(character)] else { return nil }
      bits = bits << 6 | UInt32(digit)
      count += 6
      if count >= 8 {
        count -= 8
        result.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    // What is left over of the last digit must be zero.
    guard count < 6, bits & (1 << count - 1) == 0 else { return nil }
    return result
  }
}
