/// How the annotation service is reached, and how much it lets one person or one address do.
package struct AnnotationServiceOptions: Sendable, Equatable {
  /// How often something may happen: so many at once, and so many more each second.
  package struct Rate: Sendable, Equatable {
    /// How many may come at once.
    package let burst: Double
    /// How many come back each second.
    package let perSecond: Double

    /// A rate.
    package init(burst: Double, perSecond: Double) {
      self.burst = max(1, burst)
      self.perSecond = max(0, perSecond)
    }
  }

  /// The path before all of the service's own paths: empty, or like `/annotate`.
  package let basePath: String
  /// Whether browsers reach the service over TLS, its own or a proxy's.
  package var isSecure: Bool
  /// The hosts that requests may be addressed to, without ports; empty allows any.
  ///
  /// A page of another site can make a name of its own mean 127.0.0.1 ("DNS rebinding") and then
  /// reads what stands there; such a request still carries that name.
  package let hosts: Set<String>
  /// The origin of the pages where it differs from the `Host` that requests carry, as behind a proxy.
  package let publicOrigin: String?
  /// Whether the last address of `X-Forwarded-For` is the client's; only behind a proxy that sets it.
  package var isBehindProxy: Bool
  /// How long a browser stays signed in; never longer than the link works.
  package var sessionSeconds = 7 * 86_400
  /// Failed attempts to sign in from one address.
  package var failedSignIns = Rate(burst: 10, perSecond: 0.1)
  /// Failed attempts to sign in from all addresses.
  package var allFailedSignIns = Rate(burst: 200, perSecond: 5)
  /// Requests of one person who is signed in.
  package var requestsOfPerson = Rate(burst: 300, perSecond: 60)
  /// Requests from one address without a session: the pages' files, and attempts.
  ///
  /// Two hundred people behind one address who open the page together ask for 40 files each.
  package var requestsOfAddress = Rate(burst: 20_000, perSecond: 1000)

  /// The names of this machine for itself.
  package static let loopbackHosts: Set<String> = ["localhost", "127.0.0.1", "[::1]"]

  /// Options.
  ///
  /// - Parameters:
  ///   - address: the numeric address that is listened on.
  ///   - isSecure: whether the service itself speaks TLS.
  ///   - publicURL: where browsers find the service behind a proxy or under a name; its path is the
  ///     base path, and its host is allowed besides this machine's own names.
  ///   - isBehindProxy: whether a proxy sets `X-Forwarded-For`.
  /// - Throws: ``AnnotationServiceError`` for an address that cannot be used.
  package init(
    listeningOn address: String = "127.0.0.1", isSecure: Bool = false, publicURL: String? = nil,
    isBehindProxy: Bool = false
  ) throws(AnnotationServiceError) {
    let url = try publicURL.map { text throws(AnnotationServiceError) in try PublicURL(text) }
    basePath = url?.path ?? ""
    self.isSecure = url?.isSecure ?? isSecure
    publicOrigin = url?.origin
    self.isBehindProxy = isBehindProxy
    var hosts: Set<String> = []
    if let url { hosts.insert(url.host) }
    if address == "::1" || address.hasPrefix("127.") {
      hosts.formUnion(Self.loopbackHosts)
      hosts.insert(address.contains(":") ? "[\(address)]" : address)
    } else if !hosts.isEmpty {
      hosts.insert(address.contains(":") ? "[\(address)]" : address)
    }
    self.hosts = hosts
  }
}
