/// What a handler answers.
package struct HTTPServerResponse: Sendable {
  /// The status code, 200 to 599.
  package var status: Int
  /// Header fields besides `Content-Length`, `Date` and `Connection`.
  package var headers: [HTTPServerRequest.Field]
  /// The body.
  package var body: [UInt8]

  /// An answer.
  package init(status: Int = 200, headers: [HTTPServerRequest.Field] = [], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// An answer of JSON bytes.
  ///
  /// - Parameters:
  ///   - body: the JSON text.
  ///   - status: the status code.
  /// - Returns: the answer, with its content type.
  package static func json(_ body: [UInt8], status: Int = 200) -> HTTPServerResponse {
    typed("application/json; charset=utf-8", body, status)
  }

  /// An answer of HTML.
  ///
  /// - Parameters:
  ///   - text: the page.
  ///   - status: the status code.
  /// - Returns: the answer, with its content type.
  package static func html(_ text: String, status: Int = 200) -> HTTPServerResponse {
    typed("text/html; charset=utf-8", Array(text.utf8), status)
  }

  /// An answer of plain text.
  ///
  /// - Parameters:
  ///   - text: the text.
  ///   - status: the status code.
  /// - Returns: the answer, with its content type.
  package static func text(_ text: String, status: Int = 200) -> HTTPServerResponse {
    typed("text/plain; charset=utf-8", Array(text.utf8), status)
  }

  private static func typed(_ type: String, _ body: [UInt8], _ status: Int) -> HTTPServerResponse {
    HTTPServerResponse(
      status: status, headers: [.init(name: "Content-Type", value: type)], body: body)
  }
}
