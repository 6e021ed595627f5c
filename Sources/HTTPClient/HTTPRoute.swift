/// How a request reaches its server: proxy and TLS as libcurl offers them.
package struct HTTPRoute: Sendable, Equatable {
  /// A proxy's address; `nil` takes `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` from the
  /// environment, an empty string uses none.
  package var proxy: String?
  /// A file of certificates that are trusted beside the system's.
  package var certificateBundle: String?
  /// A file with our own certificate, for servers that ask for one.
  package var clientCertificate: String?
  /// A file with its private key; `nil` when the certificate's file holds it.
  package var clientKey: String?

  /// A route; the usual one unless said.
  package init(
    proxy: String? = nil, certificateBundle: String? = nil, clientCertificate: String? = nil,
    clientKey: String? = nil
  ) {
    self.proxy = proxy
    self.certificateBundle = certificateBundle
    self.clientCertificate = clientCertificate
    self.clientKey = clientKey
  }
}
