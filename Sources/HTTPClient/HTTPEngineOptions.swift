/// How an ``HTTPEngine`` transfers.
package struct HTTPEngineOptions: Sendable, Equatable {
  /// The most transfers at a time.
  package var concurrency: Int
  /// The longest body accepted, in bytes after decompression.
  package var maximumBodyBytes: Int
  /// A proxy's address; `nil` takes `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` from
  /// the environment, an empty string uses none.
  package var proxy: String?
  /// A file of trusted certificates; `nil` trusts the system's.
  package var certificateBundle: String?
  /// Accepts any certificate. Only for tests of one's own servers.
  package var acceptsAnyCertificate: Bool
  /// Whether servers may compress bodies.
  package var acceptsCompression: Bool
  /// The value of the `User-Agent` field.
  package var userAgent: String

  /// Options of an engine.
  package init(
    concurrency: Int = 8, maximumBodyBytes: Int = 64 << 20, proxy: String? = nil,
    certificateBundle: String? = nil, acceptsAnyCertificate: Bool = false,
    acceptsCompression: Bool = true, userAgent: String = "mixinstruct"
  ) {
    self.concurrency = max(1, concurrency)
    self.maximumBodyBytes = max(0, maximumBodyBytes)
    self.proxy = proxy
    self.certificateBundle = certificateBundle
    self.acceptsAnyCertificate = acceptsAnyCertificate
    self.acceptsCompression = acceptsCompression
    self.userAgent = userAgent
  }
}
