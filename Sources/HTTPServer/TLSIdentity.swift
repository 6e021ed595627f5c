/// A server's certificate with its private key, both as PEM text.
package struct TLSIdentity: Sendable, Equatable {
  let certificate: String
  let key: String

  /// An identity from the contents of two files.
  ///
  /// - Parameters:
  ///   - certificate: the certificate, followed by those that lead to a known authority.
  ///   - key: its private key, without a passphrase.
  /// - Throws: ``WebServerError/badIdentity(_:)`` for text that is no PEM of the right kind.
  package init(certificate: String, key: String) throws(WebServerError) {
    guard certificate.contains("-----BEGIN CERTIFICATE-----") else {
      throw .badIdentity("the certificate is no PEM text: expected -----BEGIN CERTIFICATE-----")
    }
    guard !key.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") else {
      throw .badIdentity("the private key has a passphrase: expected a key without one")
    }
    guard key.contains(" PRIVATE KEY-----") || key.contains("-----BEGIN PRIVATE KEY-----") else {
      throw .badIdentity("the private key is no PEM text: expected -----BEGIN PRIVATE KEY-----")
    }
    // C strings end at a NUL.
    guard !certificate.utf8.contains(0), !key.utf8.contains(0) else {
      throw .badIdentity("the certificate or the private key holds a NUL: expected PEM text")
    }
    self.certificate = certificate
    self.key = key
  }
}

// A private key is not for logs.
extension TLSIdentity: CustomStringConvertible, CustomReflectable {
  /// What this is, without the key.
  package var description: String { "a certificate with its private key" }

  /// Shows nothing of the key in dumps.
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
