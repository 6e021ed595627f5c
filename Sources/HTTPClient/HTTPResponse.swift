/// What a server answered.
package struct HTTPResponse: Sendable {
  /// The status code.
  package let status: Int
  /// The header fields.
  package let headers: HTTPResponseHeaders
  /// The bytes of the body, decompressed.
  package let body: [UInt8]
}

/// How long the parts of a transfer took.
package struct HTTPTimings: Sendable, Equatable {
  /// Until the connection was ready, TLS included; zero when a connection was reused.
  package let connect: Duration
  /// Until the first byte of the answer; `nil` when none came.
  package let firstByte: Duration?
  /// Until the end.
  package let total: Duration
  /// Whether a connection of an earlier request served.
  package let reusedConnection: Bool
}

/// The end of a transfer.
package struct HTTPCompletion: Sendable {
  /// The request's ``HTTPRequest/tag``.
  package let tag: Int
  /// The answer, or why there is none.
  package let result: Result<HTTPResponse, HTTPFailure>
  /// How long it took.
  package let timings: HTTPTimings
}
