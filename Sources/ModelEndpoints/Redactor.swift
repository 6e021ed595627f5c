/// Removes secrets from what a server sends back.
struct Redactor: Sendable {
  private let secrets: [[UInt8]]
  private static let replacement = Array("[redacted]".utf8)
  /// Shorter ones ("EMPTY", "none") are placeholders of local servers and occur in plain answers.
  private static let shortestInAnswers = 8

  /// - Parameter secrets: the keys.
  init(secrets: [String]) {
    // Longer ones first: one key may begin with another.
    self.secrets = Set(secrets.map { Array($0.utf8) }).filter { !$0.isEmpty }
      .sorted { $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1) }
  }

  /// The bytes without secrets, also where JSON writes them with escapes.
  ///
  /// - Parameters:
  ///   - bytes: what the server sent.
  ///   - isError: whether it is an error, in which even a short key is removed.
  /// - Returns: the bytes with `[redacted]` in place of each secret.
  func redacted(_ bytes: [UInt8], isError: Bool) -> [UInt8] {
    var bytes = bytes
    for secret in secrets where isError || secret.count >= Self.shortestInAnswers {
      bytes = Self.replace(secret, in: bytes)
    }
    return bytes
  }

  /// The text without secrets.
  func redacted(_ text: String) -> String {
    String(decoding: redacted(Array(text.utf8), isError: true), as: UTF8.self)
  }

  /// Replaces a secret, also where some of its letters are written as JSON escapes them.
  private static func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var copied = 0
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == secret[0] || byte == UInt8(ascii: "\\"),
        let end = end(of: secret, in: bytes, at: position)
      {
        result += bytes[copied..<position] + replacement
        position = end
        copied = end
      } else {
        position += 1
      }
    }
    guard copied > 0 else { return bytes }
    return result + bytes[copied...]
  }

  /// The place after a secret that begins at `start`; `nil` when none does.
  private static func end(of secret: [UInt8], in bytes: [UInt8], at start: Int) -> Int? {
    var position = start
    for letter in secret {
      guard position < bytes.count else { return nil }
      if bytes[position] == letter {
        position += 1
      } else if bytes[position] == UInt8(ascii: "\\"),
        let length = escapeLength(of: letter, bytes[(position + 1)...].prefix(5))
      {
        position += 1 + length
      } else {
        return nil
      }
    }
    return position
  }

  /// The length of an escape behind its backslash when it stands for this letter.
  private static func escapeLength(of letter: UInt8, _ escape: ArraySlice<UInt8>) -> Int? {
    if escape.first == letter { return 1 }
    guard escape.first == UInt8(ascii: "u"), escape.count == 5 else { return nil }
    let digits = String(decoding: escape.dropFirst(), as: UTF8.self)
    return UInt16(digits, radix: 16) == UInt16(letter) ? 5 : nil
  }
}
