import HTTPClient

/// What stays the same in all requests to an endpoint.
struct EndpointConnection: Sendable {
  let configuration: EndpointConfiguration
  let fields: HTTPFieldList
  let route: HTTPRoute
  let secrets: [String]

  init(
    _ endpoint: EndpointConfiguration, environment: (String) -> String?
  ) throws(ConfigurationError) {
    configuration = endpoint
    var fields = [
      (name: "Content-Type", value: "application/json"),
      (name: "Accept", value: "application/json"),
    ]
    var secrets: [String] = []
    let place = "endpoint \(endpoint.name)"
    if endpoint.api == .anthropicMessages {
      fields.append(("anthropic-version", "2023-06-01"))
    }
    if let key = try endpoint.key?.read(path: "\(place), key", environment: environment) {
      secrets.append(key)
      let isAnthropic = endpoint.api == .anthropicMessages
      fields.append(isAnthropic ? ("x-api-key", key) : ("Authorization", "Bearer " + key))
    }
    for header in endpoint.headers {
      let value: String
      switch header.value {
      case .text(let text): value = text
      case .secret(let source):
        value = try source.read(
          path: "\(place), headers.\(header.name)", environment: environment)
        secrets.append(value)
      }
      // A field of the user's own replaces ours.
      fields.removeAll { $0.name.lowercased() == header.name.lowercased() }
      fields.append((header.name, value))
    }
    var route = endpoint.tls
    switch endpoint.proxy {
    case nil: break
    case .text(let address): route.proxy = address
    case .secret(let source):
      let address = try source.read(path: "\(place), proxy", environment: environment)
      route.proxy = address
      secrets.append(address)
    }
    self.route = route
    self.fields = HTTPFieldList(fields)
    self.secrets = secrets
  }

  func request(tag: Int, body: [UInt8]) -> HTTPRequest {
    HTTPRequest(
      tag: tag, method: .post, url: configuration.url, fields: fields, body: body,
      timeouts: configuration.timeouts, route: route)
  }
}
