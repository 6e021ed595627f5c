/// How a ``WebServer`` listens, and what it refuses before a handler sees it.
package struct WebServerOptions: Sendable, Equatable {
  /// A numeric IPv4 or IPv6 address; the default is reached from this machine only.
  package var address: String
  /// The port; 0 takes any free one.
  package var port: UInt16
  /// The number of threads that read requests and write answers.
  package var threads: Int
  /// Threads of their own for the handler, for handlers that wait; 0 calls it where requests are read.
  package var handlerThreads: Int
  /// The most connections at a time; more wait in the system's queue.
  package var maximumConnections: Int
  /// The most connections at a time from one address; more are closed at once, 0 is any number.
  package var maximumConnectionsPerAddress: Int
  /// The longest request line with header fields; longer ones are answered with status 431.
  package var maximumHeaderBytes: Int
  /// The longest request body accepted; longer ones are answered with status 413.
  package var maximumBodyBytes: Int
  /// Seconds after which a connection without traffic is closed, and within which the header of a
  /// further request must be complete; 0 waits for ever.
  package var idleSeconds: Int
  /// Seconds for the header of a connection's first request, and again for each body, however
  /// busily a client drips bytes; 0 waits for ever.
  package var requestSeconds: Int
  /// Seconds within which a client must have taken an answer; 0 waits for ever.
  package var answerSeconds: Int
  /// Certificate and key for TLS; `nil` speaks plain HTTP.
  package var identity: TLSIdentity?

  /// Options of a server.
  package init(
    address: String = "127.0.0.1", port: UInt16 = 0, threads: Int = 2, handlerThreads: Int = 0,
    maximumConnections: Int = 1024, maximumConnectionsPerAddress: Int = 0,
    maximumHeaderBytes: Int = 16 << 10, maximumBodyBytes: Int = 16 << 20, idleSeconds: Int = 60,
    requestSeconds: Int = 60, answerSeconds: Int = 600, identity: TLSIdentity? = nil
  ) {
    self.address = address
    self.port = port
    self.threads = max(1, threads)
    self.handlerThreads = max(0, handlerThreads)
    self.maximumConnections = max(1, maximumConnections)
    self.maximumConnectionsPerAddress = max(0, maximumConnectionsPerAddress)
    self.maximumHeaderBytes = max(256, maximumHeaderBytes)
    self.maximumBodyBytes = max(0, maximumBodyBytes)
    self.idleSeconds = max(0, idleSeconds)
    self.requestSeconds = max(0, requestSeconds)
    self.answerSeconds = max(0, answerSeconds)
    self.identity = identity
  }
}
