/// How an ``HTTPEngine`` transfers.
package struct HTTPEngineOptions: Sendable, Equatable {
  /// The most transfers at a time.
  package var concurrency: Int
  /// The longest body accepted, in bytes after decompression.
  package var maximumBodyBytes: Int
  /// Whether servers may compress bodies.
  package var acceptsCompression: Bool
  /// The value of the `User-Agent` field.
  package var userAgent: String

  /// Options of an engine.
  package init(
    concurrency: Int = 8, maximumBodyBytes: Int = 64 << 20, acceptsCompression: Bool = true,
    userAgent: String = "mixinstruct"
  ) {
    self.concurrency = max(1, concurrency)
    self.maximumBodyBytes = max(0, maximumBodyBytes)
    self.acceptsCompression = acceptsCompression
    self.userAgent = userAgent
  }
}
