/// A host with its port as `Host` and `Origin` have them.
struct Authority: Equatable {
  /// In lower case; IPv6 addresses in brackets.
  let host: String
  let port: String?

  /// `nil` for text that is no host with an optional port.
  init?(_ text: String) {
    let text = text.lowercased()
    let isBracketed = text.hasPrefix("[")
    guard
      let end = isBracketed
        ? text.firstIndex(of: "]").map(text.index(after:))
        : text.firstIndex(of: ":") ?? text.endIndex
    else { return nil }
    let host = text[..<end]
    let rest = text[end...]
    let isHost = host.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        true
      case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: ":"): isBracketed
      default: false
      }
    }
    guard !host.isEmpty, isHost else { return nil }
    self.host = String(host)
    guard !rest.isEmpty else {
      port = nil
      return
    }
    let digits = rest.dropFirst()
    guard rest.first == ":", (1...5).contains(digits.utf8.count),
      digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    port = String(digits)
  }
}
