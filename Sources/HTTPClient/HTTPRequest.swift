/// A request for ``HTTPEngine``.
package struct HTTPRequest: Sendable {
  /// The times after which a transfer is given up.
  package struct Timeouts: Sendable, Equatable {
    /// For name resolution, connection and TLS.
    package var connect: Duration
    /// From the start until the first byte of the answer; `nil` waits as long as `total`.
    package var firstByte: Duration?
    /// From the start until the last byte of the answer.
    package var total: Duration
    /// Between two pieces of the answer, and before the first; `nil` waits as long as `total`.
    package var stall: Duration?

    /// Times after which a transfer is given up.
    package init(
      connect: Duration = .seconds(10), firstByte: Duration? = nil,
      total: Duration = .seconds(600), stall: Duration? = nil
    ) {
      self.connect = connect
      self.firstByte = firstByte
      self.total = total
      self.stall = stall
    }
  }

  /// The method.
  package enum Method: String, Sendable {
    /// Requests the resource; no body is sent.
    case get = "GET"
    /// Requests the header fields of the resource alone.
    case head = "HEAD"
    /// Sends the body.
    case post = "POST"
  }

  /// The caller's own number, given back with the completion.
  package var tag: Int
  /// The method.
  package var method: Method
  /// The address, `http` or `https`.
  package var url: String
  /// The header fields.
  package var fields: HTTPFieldList
  /// The bytes to send with `POST`.
  package var body: [UInt8]
  /// The times after which the transfer is given up.
  package var timeouts: Timeouts
  /// Proxy and TLS.
  package var route: HTTPRoute
  /// Takes the body in place of ``HTTPResponse/body``, so that it need not fit in memory.
  package var sink: (any HTTPBodySink)?

  /// A request.
  package init(
    tag: Int = 0, method: Method = .get, url: String, fields: HTTPFieldList, body: [UInt8] = [],
    timeouts: Timeouts = Timeouts(), route: HTTPRoute = HTTPRoute(),
    sink: (any HTTPBodySink)? = nil
  ) {
    self.tag = tag
    self.method = method
    self.url = url
    self.fields = fields
    self.body = body
    self.timeouts = timeouts
    self.route = route
    self.sink = sink
  }
}
