/// A secret that a hub knows somebody by; it appears in no description.
package struct HubToken: Sendable, CustomStringConvertible, CustomReflectable {
  /// Where it came from, for messages: `HF_TOKEN`, or a file.
  package let source: String
  private let secret: String

  /// A token.
  ///
  /// - Parameters:
  ///   - secret: printable ASCII; `nil` is the answer to all else.
  ///   - source: where it came from.
  package init?(_ secret: String, source: String) {
    guard !secret.isEmpty, secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
    self.secret = secret
    self.source = source
  }

  /// The value of an `Authorization` field.
  var authorization: String { "Bearer \(secret)" }

  /// A text of the hub's without the token.
  ///
  /// - Parameter text: what a server sent.
  /// - Returns: the text with `[token]` in its place.
  func redacted(_ text: String) -> String {
    let bytes = Array(text.utf8)
    let wanted = Array(secret.utf8)
    var result: [UInt8] = []
    var position = 0
    while position < bytes.count {
      if bytes[position...].starts(with: wanted) {
        result += "[token]".utf8
        position += wanted.count
      } else {
        result.append(bytes[position])
        position += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Where the token came from.
  package var description: String { "the token of \(source)" }

  /// Nothing of the secret.
  package var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
