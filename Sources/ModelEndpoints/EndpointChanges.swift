internal import HTTPClient

/// What a command line changes of all endpoints; `nil` keeps what the configuration says.
package struct EndpointChanges: Sendable {
  /// The address, such as a replay server's.
  package var url: String?
  /// Where the key comes from.
  package var key: KeySource?
  /// The most requests at a time.
  package var concurrency: Int?
  /// The most requests in a minute.
  package var requestsPerMinute: Double?
  /// The most tokens in a minute.
  package var tokensPerMinute: Double?
  /// Seconds for name resolution, connection and TLS.
  package var connectTimeout: Double?
  /// Seconds until the first byte of an answer.
  package var firstByteTimeout: Double?
  /// Seconds until the last byte of an answer.
  package var totalTimeout: Double?
  /// A proxy's address without a password.
  package var proxy: String?
  /// A file of certificates to trust.
  package var certificateBundle: String?

  /// No changes.
  package init() {}
}

extension EndpointConfiguration {
  /// The endpoint with a command line's changes.
  ///
  /// - Parameter changes: the changes.
  /// - Returns: the endpoint; at another address it has neither its key nor its header fields.
  /// - Throws: ``ConfigurationError`` for an address that is none, or a file that cannot be read.
  func changed(by changes: EndpointChanges) throws(ConfigurationError) -> EndpointConfiguration {
    let isMoved = changes.url != nil
    var timeouts = timeouts
    if let seconds = changes.connectTimeout { timeouts.connect = .seconds(seconds) }
    if let seconds = changes.firstByteTimeout { timeouts.firstByte = .seconds(seconds) }
    if let seconds = changes.totalTimeout { timeouts.total = .seconds(seconds) }
    var tls = tls
    if let file = changes.certificateBundle {
      try Self.requireReadable(file, "--ca-file")
      tls.certificateBundle = file
    }
    return try EndpointConfiguration(
      name: name, url: changes.url ?? url, api: api, key: changes.key ?? (isMoved ? nil : key),
      headers: isMoved ? [] : headers, concurrency: changes.concurrency ?? concurrency,
      requestsPerMinute: changes.requestsPerMinute ?? requestsPerMinute,
      tokensPerMinute: changes.tokensPerMinute ?? tokensPerMinute, timeouts: timeouts,
      proxy: changes.proxy.map { .text($0) } ?? proxy, tls: tls)
  }
}
