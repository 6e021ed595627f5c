internal import CCurl

/// Request headers in libcurl's form, made once and shared by any number of requests.
@safe package final class HTTPFieldList {
  private(set) var list: UnsafeMutablePointer<curl_slist>?
  /// The number of fields that were given.
  package let count: Int

  /// A list of fields.
  ///
  /// `Expect: 100-continue` is switched off: it costs a round trip and many servers ignore it.
  ///
  /// - Parameter fields: names and values; control characters are removed from both, so that a
  ///   value cannot start another field.
  package init(_ fields: [(name: String, value: String)]) {
    count = fields.count
    unsafe list = nil
    for line in fields.map(Self.line) + ["Expect:"] {
      unsafe list = curl_slist_append(list, line)
    }
  }

  deinit { unsafe curl_slist_free_all(list) }

  /// libcurl's syntax: `Name: value`, and `Name;` for a field that is sent with an empty value.
  private static func line(_ field: (name: String, value: String)) -> String {
    let name = printable(field.name)
    let value = printable(field.value)
    return value.allSatisfy { $0 == " " } ? "\(name);" : "\(name): \(value)"
  }

  private static func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 }))
  }
}

// The list is made in init and freed in deinit; between the two everybody, libcurl included, only
// reads it.
extension HTTPFieldList: @unchecked Sendable {}
