/// An answer as it came over a connection.
package struct RawResponse: Sendable {
  /// The status code.
  package let status: Int
  /// The header fields in order; names in lower case.
  package let headers: [(name: String, value: String)]
  /// The body.
  package let body: [UInt8]

  /// The value of the first field of this name, in lower case.
  package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

  /// The body as text.
  package var text: String { String(decoding: body, as: UTF8.self) }

  /// The first answer in bytes, with its length; `nil` when it is not complete.
  static func first(in bytes: [UInt8]) -> (RawResponse, length: Int)? {
    var end = 0
    while end + 4 <= bytes.count, !bytes[end..<end + 4].elementsEqual("\r\n\r\n".utf8) { end += 1 }
    guard end + 4 <= bytes.count else { return nil }
    var lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")[...]
    let first = lines.popFirst()?.split(separator: " ") ?? []
    guard first.count >= 2, let status = Int(first[1]) else { return nil }
    let headers = lines.map { line in
      let name = line.prefix { $0 != ":" }
      let value = line.dropFirst(name.count + 1).drop { $0 == " " }
      return (name: name.lowercased(), value: String(value))
    }
    let length = headers.first { $0.name == "content-length" }.flatMap { Int($0.value) } ?? 0
    let start = end + 4
    guard bytes.count >= start + length else { return nil }
    return (
      RawResponse(
        status: status, headers: headers, body: Array(bytes[start..<start + length])),
      start + length
    )
  }
}
