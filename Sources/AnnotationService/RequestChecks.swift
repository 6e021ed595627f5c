internal import HTTPServer
internal import JSON

/// What a request must be like before anybody looks at what it asks.
enum RequestChecks {
  /// Refuses requests addressed to another name than ours.
  static func checkHost(
    of request: HTTPServerRequest, _ options: AnnotationServiceOptions
  ) throws(ServiceRefusal) {
    guard !options.hosts.isEmpty else { return }
    let values = request.headers.filter { $0.name == "host" }
    guard values.count == 1, let host = values.first.flatMap({ Authority($0.value) }),
      options.hosts.contains(host.host)
    else { throw .wrongHost }
  }

  /// Refuses requests that a page of another site makes.
  ///
  /// Source: W3C, Fetch Metadata Request Headers; WHATWG, Fetch, "`Origin` header".
  static func checkOrigin(
    of request: HTTPServerRequest, for route: Route, _ options: AnnotationServiceOptions
  ) throws(ServiceRefusal) {
    if let site = request.header("sec-fetch-site"), site != "same-origin", site != "none" {
      // People come to pages from their mail.
      let isNavigation =
        route.kind == .page && request.header("sec-fetch-mode") == "navigate"
        && request.header("sec-fetch-dest") == "document"
      guard isNavigation else { throw .wrongOrigin }
    }
    guard let origin = request.header("origin") else { return }
    if let known = options.publicOrigin, origin.lowercased() == known { return }
    let scheme = options.isSecure ? "https://" : "http://"
    guard origin.lowercased().hasPrefix(scheme),
      let from = Authority(String(origin.dropFirst(scheme.utf8.count))),
      let to = request.header("host").flatMap({ Authority($0) }), from == to
    else { throw .wrongOrigin }
  }

  /// The body's members, when the route reads any.
  static func body(
    of request: HTTPServerRequest, _ route: Route
  ) throws(ServiceRefusal) -> FieldReader {
    switch route.body {
    case .none: return FieldReader([:])
    case .fields(let fields): return try FieldReader(object(of: request), fields: fields)
    case .anyObject(let limit):
      guard request.body.count <= limit else { throw .bodyTooLarge(limit: limit) }
      return FieldReader(try object(of: request))
    }
  }

  private static func object(of request: HTTPServerRequest) throws(ServiceRefusal) -> JSONObject {
    // A page of another site can send other types without asking first.
    let type = request.header("content-type")?.prefix { $0 != ";" }.lowercased() ?? ""
    guard type.split(separator: " ") == ["application/json"] else { throw .notJSON }
    let value: JSONValue
    do {
      value = try JSONParser().value(of: request.body)
    } catch let error as JSONError {
      guard case .malformed(let reason) = error else { throw .malformedJSON("\(error)") }
      throw .malformedJSON(reason)
    } catch {
      throw .malformedJSON("\(error)")
    }
    guard let object = value.object else { throw .wrongField("the body", expected: "an object") }
    return object
  }
}
