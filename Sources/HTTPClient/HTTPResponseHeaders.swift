/// The header fields of a response, kept as received and searched when asked.
package struct HTTPResponseHeaders: Sendable {
  private let block: [UInt8]

  /// Fields from the lines of a header block.
  ///
  /// - Parameter block: the lines, status line included, each ended by a line feed.
  package init(block: [UInt8]) { self.block = block }

  /// The value of the first field of this name.
  ///
  /// - Parameter name: the name in lower case.
  /// - Returns: the value without surrounding white space; `nil` when there is no such field.
  package subscript(name: String) -> String? {
    var name = name
    var value: String?
    name.withUTF8 { wanted in
      forEachLine { line in
        guard value == nil, let colon = line.firstIndex(of: UInt8(ascii: ":")),
          colon - line.startIndex == wanted.count,
          unsafe zip(line, wanted).allSatisfy({ Self.lowercased($0) == $1 })
        else { return }
        value = Self.text(line[(colon + 1)...])
      }
    }
    return value
  }

  /// Whether a name begins with one of some texts; one pass, where a search for each would be many.
  ///
  /// - Parameter prefixes: the texts in lower case, as UTF-8.
  /// - Returns: whether there is such a field.
  package func hasName(startingWithAnyOf prefixes: [[UInt8]]) -> Bool {
    var isFound = false
    forEachLine { line in
      isFound =
        isFound
        || prefixes.contains { prefix in
          line.count >= prefix.count
            && zip(line, prefix).allSatisfy { Self.lowercased($0) == $1 }
        }
    }
    return isFound
  }

  /// All fields in the order received, names in lower case.
  package var all: [(name: String, value: String)] {
    var fields: [(name: String, value: String)] = []
    forEachLine { line in
      guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
      let name = String(decoding: line[..<colon].map(Self.lowercased), as: UTF8.self)
      fields.append((name, Self.text(line[(colon + 1)...])))
    }
    return fields
  }

  private func forEachLine(_ body: (ArraySlice<UInt8>) -> Void) {
    var start = block.startIndex
    while let end = block[start...].firstIndex(of: UInt8(ascii: "\n")) {
      body(block[start..<end])
      start = end + 1
    }
  }

  private static func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    guard let first = bytes.firstIndex(where: { !isSpace($0) }),
      let last = bytes.lastIndex(where: { !isSpace($0) })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }
}
