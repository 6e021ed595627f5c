/// The characters that byte-level models write bytes with.
///
/// Source: GPT-2 (openai/gpt-2, encoder.py): printable bytes stand for themselves, the others are
/// written with the characters from U+0100 on.
enum ByteAlphabet {
  /// The scalar of each byte.
  static let scalars: [UInt32] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      if (0x21...0x7E).contains(byte) || (0xA1...0xFF).contains(byte) && byte != 0xAD {
        return byte
      }
      defer { next += 1 }
      return next
    }
  }()

  private static let bytes: [UInt8?] = {
    var bytes = [UInt8?](repeating: nil, count: 0x144)
    for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = UInt8(byte) }
    return bytes
  }()

  /// The byte that a scalar stands for, or `nil`.
  static func byte(of scalar: UInt32) -> UInt8? {
    scalar < 0x144 ? bytes[Int(scalar)] : nil
  }

  /// The bytes that a token stands for, or `nil` when it holds other characters.
  static func bytes(of token: ByteView) -> [UInt8]? {
    var result: [UInt8] = []
    result.reserveCapacity(token.count)
    var index = 0
    while index < token.count {
      let (scalar, length) = token.scalar(at: index)
      guard let byte = byte(of: scalar) else { return nil }
      result.append(byte)
      index += length
    }
    return result
  }
}
