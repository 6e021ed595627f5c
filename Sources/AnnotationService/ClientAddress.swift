internal import HTTPServer

/// Whom the limits of an address count for.
enum ClientAddress {
  /// The key of a request's client.
  ///
  /// - Parameters:
  ///   - request: the request.
  ///   - isBehindProxy: whether the connection is a proxy's, which says whose it is.
  /// - Returns: the address; of IPv6 the network, since a household has 2⁶⁴ addresses.
  static func key(of request: HTTPServerRequest, isBehindProxy: Bool) -> String {
    guard isBehindProxy,
      // Addresses before the last one are what the client wrote.
      let last = request.headers.last(where: { $0.name == "x-forwarded-for" })?.value
        .split(separator: ",").last
    else { return network(request.clientAddress[...]) }
    let trimmed = last.drop { $0 == " " }.prefix { $0 != " " }
    return trimmed.isEmpty || trimmed.utf8.count > 64
      ? network(request.clientAddress[...]) : network(trimmed)
  }

  private static func network(_ address: Substring) -> String {
    let parts = address.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count > 2 else { return String(address) }
    // An IPv4 address in IPv6's form is one client.
    if address.lowercased().hasPrefix("::ffff:"), let last = parts.last, last.contains(".") {
      return String(last)
    }
    // The first four groups; "::" may stand for some of them.
    var groups: [Substring] = []
    for part in parts {
      if part.isEmpty { break }
      groups.append(part)
    }
    let known = groups.prefix(4).map { $0.lowercased() }
    return known.joined(separator: ":") + "::/64"
  }
}
