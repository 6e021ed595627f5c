internal import Glibc
package import HTTPClient
import JSON

/// A server that answers for models, and how much it may be asked.
package struct EndpointConfiguration: Sendable, Equatable {
  /// A header field; secrets among them are named by their source.
  package struct Header: Sendable, Equatable {
    /// The value of a header field.
    package enum Value: Sendable, Equatable {
      /// A value that is no secret.
      case text(String)
      /// A secret.
      case secret(KeySource)
    }

    /// The name.
    package let name: String
    /// The value.
    package let value: Value
  }

  /// The name that models refer to.
  package let name: String
  /// The address that requests go to, complete.
  package let url: String
  /// The wire format.
  package let api: EndpointAPI
  /// Where the key comes from; `nil` when none is needed.
  package let key: KeySource?
  /// Further header fields.
  package let headers: [Header]
  /// The most requests at a time.
  package let concurrency: Int
  /// The most requests in a minute; `nil` for no limit of ours.
  package let requestsPerMinute: Double?
  /// The most tokens, of prompts and answers, in a minute; `nil` for no limit of ours.
  package let tokensPerMinute: Double?
  /// When an attempt is given up.
  package let timeouts: HTTPRequest.Timeouts
  /// The proxy's address; `nil` takes the environment's.
  package let proxy: Header.Value?
  /// Certificates to trust and to show; its proxy is ``proxy``.
  package let tls: HTTPRoute

  /// An endpoint.
  ///
  /// - Parameters:
  ///   - name: the name that models refer to.
  ///   - url: an address as people write it.
  ///   - api: the wire format.
  ///   - key: where the key comes from.
  ///   - headers: further header fields.
  ///   - concurrency: the most requests at a time.
  ///   - requestsPerMinute: the most requests in a minute.
  ///   - tokensPerMinute: the most tokens in a minute.
  ///   - timeouts: when an attempt is given up.
  ///   - proxy: the proxy's address.
  ///   - tls: certificates to trust and to show.
  /// - Throws: ``ConfigurationError`` when the address cannot be used.
  package init(
    name: String, url: String, api: EndpointAPI = .openAIChat, key: KeySource? = nil,
    headers: [Header] = [], concurrency: Int = 8, requestsPerMinute: Double? = nil,
    tokensPerMinute: Double? = nil, timeouts: HTTPRequest.Timeouts = HTTPRequest.Timeouts(),
    proxy: Header.Value? = nil, tls: HTTPRoute = HTTPRoute()
  ) throws(ConfigurationError) {
    self.name = name
    self.url = try api.requestURL(from: url)
    self.api = api
    self.key = key
    self.headers = headers
    self.concurrency = max(1, concurrency)
    self.requestsPerMinute = requestsPerMinute
    self.tokensPerMinute = tokensPerMinute
    self.timeouts = timeouts
    if case .text(let address) = proxy, address.utf8.contains(UInt8(ascii: "@")) {
      throw ConfigurationError(
        path: "proxy", got: "an address with a password",
        expected: #"the address as {"env": "VARIABLE"} or {"file": "PATH"}"#)
    }
    self.proxy = proxy
    self.tls = tls
  }
}

extension EndpointConfiguration {
  static let keys = [
    "name", "url", "api", "key", "headers", "concurrency", "requests_per_minute",
    "tokens_per_minute", "timeouts", "proxy", "tls",
  ]

  init(_ value: JSONValue, path: String) throws(ConfigurationError) {
    let object = try ConfigurationObject(value, path: path, keys: Self.keys)
    let url = try object.requiredName("url")
    do {
      try self.init(
        name: try object.requiredName("name"), url: url, api: try Self.api(object),
        key: try Self.keySource(object, "key"), headers: try Self.headers(object),
        concurrency: try object.integer("concurrency", in: 1...4096) ?? 8,
        requestsPerMinute: try object.number("requests_per_minute", in: 0.001...(.infinity)),
        tokensPerMinute: try object.number("tokens_per_minute", in: 1...(.infinity)),
        timeouts: try Self.timeouts(object), proxy: try Self.proxy(object),
        tls: try Self.tls(object))
    } catch {
      // Addresses are checked without their place; every other error knows where it stands.
      guard error.path == "url" || error.path == "proxy" else { throw error }
      throw object.failure(error.path, error.got, error.expected)
    }
  }

  private static func api(
    _ object: ConfigurationObject
  ) throws(ConfigurationError) -> EndpointAPI {
    guard let name = try object.string("api") else { return .openAIChat }
    guard let api = EndpointAPI(rawValue: name) else {
      let names = EndpointAPI.allCases.map(\.rawValue)
      let hint = SpellingSuggestion.closest(to: name, in: names)
      throw object.failure(
        "api", "\"\(name)\"",
        hint.map { "\"\($0)\"" } ?? "one of \(names.joined(separator: ", "))")
    }
    return api
  }

  private static func keySource(
    _ parent: ConfigurationObject, _ key: String
  ) throws(ConfigurationError) -> KeySource? {
    guard let value = parent.value(key) else { return nil }
    let expected = #"{"env": "VARIABLE"} or {"file": "PATH"}: keys do not stand in this file"#
    guard value.object != nil else { throw parent.failure(key, value.kindName, expected) }
    let object = try ConfigurationObject(value, path: parent.place(key), keys: ["env", "file"])
    switch (try object.string("env"), try object.string("file")) {
    case (let name?, nil) where !name.isEmpty: return .environment(name)
    case (nil, let file?) where !file.isEmpty: return .file(file)
    default: throw parent.failure(key, "an object of \(object.object.count) members", expected)
    }
  }

  private static func proxy(
    _ object: ConfigurationObject
  ) throws(ConfigurationError) -> Header.Value? {
    guard let value = object.value("proxy") else { return nil }
    if let text = value.string { return .text(text) }
    guard value.object != nil else {
      throw object.failure(
        "proxy", value.kindName, #"an address, {"env": "VARIABLE"} or {"file": "PATH"}"#)
    }
    return try keySource(object, "proxy").map { .secret($0) }
  }

  private static func tls(_ parent: ConfigurationObject) throws(ConfigurationError) -> HTTPRoute {
    let keys = ["ca_file", "client_certificate", "client_key"]
    guard let object = try parent.object("tls", keys: keys) else { return HTTPRoute() }
    let route = HTTPRoute(
      certificateBundle: try file(object, keys[0]), clientCertificate: try file(object, keys[1]),
      clientKey: try file(object, keys[2]))
    if route.clientKey != nil, route.clientCertificate == nil {
      throw object.failure("client_key", "a key", "a client_certificate to go with it")
    }
    return route
  }

  private static func file(
    _ object: ConfigurationObject, _ key: String
  ) throws(ConfigurationError) -> String? {
    guard let path = try object.string(key) else { return nil }
    do throws(ConfigurationError) {
      try requireReadable(path, key)
    } catch {
      throw object.failure(key, error.got, error.expected)
    }
    return path
  }

  /// Refuses a file of certificates that cannot be read, which libcurl would report much later.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - place: where it is named, for the error.
  /// - Throws: ``ConfigurationError``.
  package static func requireReadable(
    _ path: String, _ place: String
  ) throws(ConfigurationError) {
    guard unsafe access(path, R_OK) != 0 else { return }
    let reason = unsafe String(cString: strerror(errno))
    throw ConfigurationError(
      path: place, got: "\(reason.lowercased()): \(path)", expected: "a readable PEM file")
  }

  private static func headers(
    _ parent: ConfigurationObject
  ) throws(ConfigurationError) -> [Header] {
    guard let value = parent.value("headers") else { return [] }
    guard let members = value.object?.members else {
      throw parent.failure("headers", value.kindName, "an object")
    }
    let object = try ConfigurationObject(
      value, path: parent.place("headers"), keys: members.map(\.key))
    var headers: [Header] = []
    for member in members {
      let isToken = member.key.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
      guard isToken, !member.key.isEmpty else {
        throw object.failure(member.key, "a header name with unusual characters", "letters and -")
      }
      let name = member.key.lowercased()
      if let text = member.value.string {
        if ["authorization", "x-api-key", "api-key", "proxy-authorization"].contains(name) {
          throw object.failure(
            member.key, "a key as text", #"{"env": "VARIABLE"} or {"file": "PATH"}"#)
        }
        headers.append(Header(name: member.key, value: .text(text)))
      } else if let source = try keySource(object, member.key) {
        headers.append(Header(name: member.key, value: .secret(source)))
      }
    }
    return headers
  }

  private static func timeouts(
    _ parent: ConfigurationObject
  ) throws(ConfigurationError) -> HTTPRequest.Timeouts {
    var timeouts = HTTPRequest.Timeouts()
    guard let object = try parent.object("timeouts", keys: ["connect", "first_byte", "total"])
    else { return timeouts }
    let range = 0.001...86_400.0
    if let seconds = try object.number("connect", in: range) {
      timeouts.connect = .seconds(seconds)
    }
    timeouts.firstByte = try object.number("first_byte", in: range).map { .seconds($0) }
    if let seconds = try object.number("total", in: range) { timeouts.total = .seconds(seconds) }
    return timeouts
  }
}
