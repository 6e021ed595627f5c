internal import CCurl

/// An address taken apart by the library that will connect to it.
///
/// Two parsers can disagree on where the host of an odd address ends; a secret that is meant for
/// one host must not be sent by the judgement of another parser than the one that connects.
package struct HTTPAddress: Sendable, Equatable, CustomStringConvertible {
  /// The whole address, in libcurl's spelling.
  package let text: String
  /// `http` or `https`.
  package let scheme: String
  /// The host in lower case.
  package let host: String
  /// The port, also where it is the scheme's own.
  package let port: Int

  /// An address.
  ///
  /// - Parameter text: an absolute `http` or `https` URL without user name and password; `nil` is
  ///   the answer to all else.
  package init?(_ text: String) {
    self.init(text, base: nil)
  }

  /// The address that a reference means here, as in a `Location` field.
  ///
  /// - Parameter reference: an absolute or relative URL.
  /// - Returns: the address; `nil` when it is none, or has a user name.
  package func resolving(_ reference: String) -> HTTPAddress? {
    HTTPAddress(reference, base: text)
  }

  /// Whether two addresses have scheme, host and port in common.
  ///
  /// Source: RFC 6454, section 5.
  ///
  /// - Parameter other: another address.
  /// - Returns: whether it has the same origin.
  package func hasOrigin(of other: HTTPAddress) -> Bool {
    scheme == other.scheme && host == other.host && port == other.port
  }

  /// Scheme, host and, where it is not the scheme's own, port.
  package var origin: String {
    let isUsual = port == (scheme == "https" ? 443 : 80)
    return "\(scheme)://\(host)" + (isUsual ? "" : ":\(port)")
  }

  /// Scheme, host, port and path: what may be shown, without a query, which can hold a signature.
  package var description: String {
    String(text.prefix { $0 != "?" && $0 != "#" })
  }

  private init?(_ text: String, base: String?) {
    guard let handle = unsafe curl_url() else { return nil }
    defer { unsafe curl_url_cleanup(handle) }
    let flags = UInt32(CURLU_DISALLOW_USER)
    for text in [base, text].compactMap({ $0 }) {
      // Control characters and spaces are nothing an address has.
      guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }),
        unsafe curl_url_set(handle, CURLUPART_URL, text, flags) == CURLUE_OK
      else { return nil }
    }
    func part(_ part: CURLUPart, _ flags: UInt32 = 0) -> String? {
      var value: UnsafeMutablePointer<CChar>?
      guard unsafe curl_url_get(handle, part, &value, flags) == CURLUE_OK,
        let text = unsafe value
      else { return nil }
      defer { unsafe curl_free(text) }
      return unsafe String(cString: text)
    }
    guard let whole = part(CURLUPART_URL), let scheme = part(CURLUPART_SCHEME),
      scheme == "http" || scheme == "https", let host = part(CURLUPART_HOST), !host.isEmpty,
      let port = part(CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)).flatMap({ Int($0) })
    else { return nil }
    self.text = whole
    self.scheme = scheme
    self.host = host.lowercased()
    self.port = port
  }
}
