/// How a ``WebServer`` listens.
package struct WebServerOptions: Sendable, Equatable {
  /// A numeric IPv4 or IPv6 address; the default is reached from this machine only.
  package var address: String
  /// The port; 0 takes any free one.
  package var port: UInt16
  /// The number of threads that call the handler.
  package var threads: Int
  /// The most connections at a time; more wait in the system's queue.
  package var maximumConnections: Int
  /// The longest request body accepted; longer ones are answered with status 413.
  package var maximumBodyBytes: Int
  /// Seconds after which a connection without traffic is closed.
  package var idleSeconds: Int

  /// Options of a server.
  package init(
    address: String = "127.0.0.1", port: UInt16 = 0, threads: Int = 2,
    maximumConnections: Int = 1024, maximumBodyBytes: Int = 16 << 20, idleSeconds: Int = 60
  ) {
    self.address = address
    self.port = port
    self.threads = max(1, threads)
    self.maximumConnections = max(1, maximumConnections)
    self.maximumBodyBytes = max(0, maximumBodyBytes)
    self.idleSeconds = max(0, idleSeconds)
  }
}
