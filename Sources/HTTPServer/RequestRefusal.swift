/// Why a ``WebServer`` answers a request without asking its handler.
package enum RequestRefusal: Error, Equatable {
  /// The header is longer than the limit in bytes.
  case headerTooLarge(limit: Int)
  /// The body is longer than the limit in bytes.
  case bodyTooLarge(limit: Int)
  /// The address is not UTF-8 once its percent escapes are decoded.
  case notUTF8
  /// The length of the body is given twice, so that a proxy may see another end of the request.
  case ambiguousLength
  /// The server is being stopped.
  case stopping

  /// The status code.
  package var status: Int {
    switch self {
    case .headerTooLarge: 431
    case .bodyTooLarge: 413
    case .notUTF8, .ambiguousLength: 400
    case .stopping: 503
    }
  }

  /// One line for people.
  package var message: String {
    switch self {
    case .headerTooLarge(let limit): "The header is longer than \(limit) bytes."
    case .bodyTooLarge(let limit): "The body is longer than \(limit) bytes."
    case .notUTF8: "The address is not UTF-8."
    case .ambiguousLength: "The length of the body is given in more than one way."
    case .stopping: "The server is being stopped."
    }
  }

  /// The message as plain text.
  package var response: HTTPServerResponse { .text(message + "\n", status: status) }
}
