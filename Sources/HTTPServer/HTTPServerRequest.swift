/// A request that a ``WebServer`` received.
package struct HTTPServerRequest: Sendable {
  /// A name with its value.
  package struct Field: Sendable, Equatable {
    /// The name; header names are in lower case.
    package let name: String
    /// The value.
    package let value: String

    /// A name with its value.
    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The method, in upper case as sent: `GET`, `POST`…
  package let method: String
  /// The path with its percent escapes decoded.
  package let path: String
  /// The fields of the query in order, decoded; a name without `=` has an empty value.
  package let query: [Field]
  /// The header fields in order.
  package let headers: [Field]
  /// The body.
  package let body: [UInt8]
  /// The numeric address of whoever opened the connection, which may be a proxy.
  package let clientAddress: String

  /// A request; for handlers that are called without a server.
  package init(
    method: String, path: String, query: [Field] = [], headers: [Field] = [], body: [UInt8] = [],
    clientAddress: String = "127.0.0.1"
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.headers = headers
    self.body = body
    self.clientAddress = clientAddress
  }

  /// The value of the first header field of this name.
  ///
  /// - Parameter name: the name in lower case.
  /// - Returns: the value; `nil` when there is no such field.
  package func header(_ name: String) -> String? {
    headers.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The value of the first query field of this name.
  ///
  /// - Parameter name: the name.
  /// - Returns: the value; `nil` when there is no such field.
  package func queryValue(_ name: String) -> String? {
    query.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
  }

  /// The value of the first cookie of this name.
  ///
  /// Source: RFC 6265, section 4.2.1.
  ///
  /// - Parameter name: the name.
  /// - Returns: the value as sent; `nil` when there is no such cookie.
  package func cookie(_ name: String) -> String? {
    for field in headers where field.name.utf8.elementsEqual("cookie".utf8) {
      for pair in field.value.utf8.split(separator: UInt8(ascii: ";")) {
        let pair = pair.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        guard let equals = pair.firstIndex(of: UInt8(ascii: "=")) else { continue }
        if pair[..<equals].elementsEqual(name.utf8) {
          return String(Substring(pair[pair.index(after: equals)...]))
        }
      }
    }
    return nil
  }
}
