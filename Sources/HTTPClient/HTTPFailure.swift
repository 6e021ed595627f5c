/// Why a transfer ended without an answer.
package struct HTTPFailure: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong.
  package enum Kind: Sendable, Equatable {
    /// The address is not a URL that can be used.
    case badURL
    /// The host's, or the proxy's, name has no address.
    case couldNotResolve
    /// Nothing listens at the address.
    case connectionRefused
    /// No connection for another reason: no route, no network.
    case couldNotConnect
    /// The connection was not ready in time.
    case connectTimeout(Duration)
    /// No byte of the answer came in time.
    case firstByteTimeout(Duration)
    /// The answer was not complete in time.
    case totalTimeout(Duration)
    /// Nothing came for so long in the middle of the answer.
    case stalled(Duration)
    /// The TLS connection failed: certificate, protocol version, handshake.
    case tls
    /// The connection broke, or was closed before an answer began.
    case connectionReset
    /// The connection was closed before the body was complete.
    case truncatedBody
    /// The body was longer than allowed.
    case tooLarge(limit: Int)
    /// The request's sink took no more of the body.
    case refusedBySink
    /// What came is not HTTP, or cannot be decoded.
    case protocolViolation
    /// The engine was told to abort.
    case cancelled
    /// Another result of libcurl, by its number.
    case other(code: Int)
  }

  /// What went wrong.
  package let kind: Kind
  /// libcurl's own words; may be empty.
  package let detail: String

  /// A failure.
  package init(kind: Kind, detail: String = "") {
    self.kind = kind
    self.detail = detail
  }

  /// One line for people.
  package var description: String {
    let sentence =
      switch kind {
      case .badURL: "the address cannot be used"
      case .couldNotResolve: "the host name has no address"
      case .connectionRefused: "connection refused"
      case .couldNotConnect: "no connection"
      case .connectTimeout(let limit): "no connection within \(limit)"
      case .firstByteTimeout(let limit): "no byte of an answer within \(limit)"
      case .totalTimeout(let limit): "no complete answer within \(limit)"
      case .stalled(let limit): "nothing more came for \(limit)"
      case .tls: "the TLS connection failed"
      case .connectionReset: "the connection broke before an answer came"
      case .truncatedBody: "the answer was cut off"
      case .tooLarge(let limit): "the answer is longer than \(limit) bytes"
      case .refusedBySink: "the receiver took no more"
      case .protocolViolation: "the answer is not valid HTTP"
      case .cancelled: "cancelled"
      case .other(let code): "libcurl result \(code)"
      }
    return detail.isEmpty ? sentence : "\(sentence): \(detail)"
  }
}
