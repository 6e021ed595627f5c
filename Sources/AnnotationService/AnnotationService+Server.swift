internal import Glibc
package import HTTPServer

extension AnnotationService {
  /// How a server must listen for the service.
  ///
  /// - Parameters:
  ///   - address: the numeric address.
  ///   - port: the port; 0 takes any free one.
  ///   - identity: certificate and key for TLS; `nil` speaks plain HTTP.
  ///   - isBehindProxy: whether all connections come from a proxy, so that their address says nothing.
  /// - Returns: the options, with limits that suit an annotator's requests.
  package static func serverOptions(
    address: String = "127.0.0.1", port: UInt16 = 0, identity: TLSIdentity? = nil,
    isBehindProxy: Bool = false
  ) -> WebServerOptions {
    let isLoopback = address == "::1" || address.hasPrefix("127.")
    let connections = connectionLimit()
    return WebServerOptions(
      address: address, port: port, threads: 2,
      // Votes of all that wait share a commit.
      handlerThreads: 256, maximumConnections: connections,
      // A class behind one address has up to six connections for each person; some stay for others.
      maximumConnectionsPerAddress: isBehindProxy || isLoopback ? 0 : connections * 3 / 4,
      maximumHeaderBytes: maximumHeaderBytes, maximumBodyBytes: maximumBodyBytes, idleSeconds: 60,
      requestSeconds: 15, answerSeconds: 60, identity: identity)
  }

  /// As many connections as there are descriptors for, beside those of the store's readers.
  ///
  /// Without one left, the store could not be opened, and the system's usual limit is 1,024.
  private static func connectionLimit() -> Int {
    // Each of the threads may have a connection to the store, of two descriptors.
    let (wanted, kept) = (2048, 768)
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
      return 512
    }
    let raised = min(rlim_t(wanted + kept), limit.rlim_max)
    if limit.rlim_cur < raised {
      limit.rlim_cur = raised
      _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
      unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
    let available = Int(clamping: limit.rlim_cur)
    return max(min(wanted, available - kept), min(wanted, available / 2))
  }
}
