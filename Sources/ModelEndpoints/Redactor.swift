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

  /// The bytes without secrets.
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

  private static func replace(_ secret: [UInt8], in bytes: [UInt8]) -> [UInt8] {
    guard bytes.count >= secret.count else { return bytes }
    var result: [UInt8] = []
    var copied = 0
    var position = 0
    let last = bytes.count - secret.count
    while position <= last {
      if bytes[position] == secret[0], bytes[position..<(position + secret.count)] == secret[...] {
        result += bytes[copied..<position] + replacement
        position += secret.count
        copied = position
      } else {
        position += 1
      }
    }
    guard copied > 0 else { return bytes }
    return result + bytes[copied...]
  }
}
