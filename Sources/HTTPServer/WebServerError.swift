/// Why a ``WebServer`` cannot start.
package enum WebServerError: Error, Equatable, CustomStringConvertible {
  /// The address is not a numeric IPv4 or IPv6 address.
  case badAddress(String)
  /// The address and port cannot be listened on; `reason` is the system's own sentence.
  case cannotListen(address: String, port: UInt16, reason: String)
  /// Certificate and key cannot be used; the sentence says why.
  case badIdentity(String)
  /// The system gives no further thread; `reason` is its own sentence.
  case noThread(reason: String)

  /// One line for people.
  package var description: String {
    switch self {
    case .badAddress(let address):
      "cannot listen on \"\(address)\": expected a numeric address such as 127.0.0.1 or ::1"
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address) port \(port): \(reason)"
    case .badIdentity(let reason): reason
    case .noThread(let reason): "cannot start a thread for requests: \(reason)"
    }
  }
}
