/// The address under which browsers find the service.
struct PublicURL: Equatable {
  let isSecure: Bool
  /// The host in lower case, without the port; IPv6 addresses in brackets.
  let host: String
  /// Scheme, host and port as browsers write them in `Origin`.
  let origin: String
  /// Empty, or like `/annotate`.
  let path: String

  init(_ text: String) throws(AnnotationServiceError) {
    let schemes = ["https://": true, "http://": false]
    guard let (scheme, isSecure) = schemes.first(where: { text.lowercased().hasPrefix($0.key) })
    else { throw .badPublicURL(text) }
    let rest = text.dropFirst(scheme.utf8.count)
    let authority = rest.prefix { $0 != "/" }
    guard let place = Authority(String(authority)) else { throw .badPublicURL(text) }
    var path = String(rest.dropFirst(authority.count))
    while path.hasSuffix("/") { path.removeLast() }
    let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
    // What needs no escape in a path, in a cookie's Path and in a header.
    let isPlain = segments.allSatisfy { segment in
      !segment.isEmpty && segment != "." && segment != ".."
        && segment.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "~"):
            true
          default: false
          }
        }
    }
    guard isPlain else { throw .badPublicURL(text) }
    self.isSecure = isSecure
    self.path = path
    host = place.host
    let usualPort = isSecure ? "443" : "80"
    origin =
      scheme + place.host
      + (place.port.map { $0 == usualPort ? "" : ":\($0)" } ?? "")
  }
}
