internal import HTTPServer
internal import Hashing

/// The cookie that names a browser's session, and the secrets of sessions.
enum SessionCookie {
  static let name = "mixinstruct_session"

  /// 256 random bits as 64 hexadecimal digits.
  static func secret() -> String {
    var generator = SystemRandomNumberGenerator()
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for _ in 0..<4 {
      let bits = generator.next()
      for shift in stride(from: 60, through: 0, by: -4) {
        text.append(digits[Int(bits >> UInt64(shift) & 15)])
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// What the store knows a cookie by; `nil` for text that no cookie of ours holds.
  static func hash(of secret: String) -> [UInt8]? {
    let isDigits = secret.utf8.allSatisfy {
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0)
    }
    guard secret.utf8.count == 64, isDigits else { return nil }
    var hash = SHA256()
    hash.update(secret.utf8)
    return hash.digest
  }

  /// The header field that sets the cookie, or ends it when there is no secret.
  static func field(
    _ secret: String?, seconds: Int, options: AnnotationServiceOptions
  ) -> HTTPServerRequest.Field {
    let value = "\(name)=\(secret ?? ""); Path=\(options.basePath)/; Max-Age=\(max(0, seconds))"
    return .init(
      name: "Set-Cookie",
      value: value + "; HttpOnly; SameSite=Strict" + (options.isSecure ? "; Secure" : ""))
  }

  /// Compares two secrets in a time that does not tell how much of them is equal.
  static func isEqual(_ left: String, _ right: String) -> Bool {
    guard left.utf8.count == right.utf8.count else { return false }
    return zip(left.utf8, right.utf8).reduce(into: UInt8(0)) { $0 |= $1.0 ^ $1.1 } == 0
  }
}
