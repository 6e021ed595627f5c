import Annotation
import Foundation
import HTTPServer
import JSON
import Testing

@testable import AnnotationService

/// A browser's view of a service that is called without a socket.
///
/// Every answer is checked against the description and for the header fields that all must have.
final class Client {
  let service: AnnotationService
  var cookie: String?
  var token: String?
  /// Fields that every request carries besides those of its own.
  var fields: [HTTPServerRequest.Field] = [.init(name: "host", value: "127.0.0.1:8080")]
  var address = "127.0.0.1"

  init(_ service: AnnotationService) { self.service = service }

  @discardableResult
  func send(
    _ method: String, _ target: String, _ body: JSONValue? = nil, text: String? = nil,
    fields own: [String: String] = [:]
  ) -> HTTPServerResponse {
    let parts = target.split(separator: "?", maxSplits: 1)
    let query = parts.dropFirst().first?.split(separator: "&").map { pair in
      let name = pair.prefix { $0 != "=" }
      return HTTPServerRequest.Field(
        name: String(name), value: String(pair.dropFirst(name.count + 1)))
    }
    var headers = fields
    if let cookie { headers.append(.init(name: "cookie", value: "mixinstruct_session=\(cookie)")) }
    if let token, method != "GET" { headers.append(.init(name: "x-csrf-token", value: token)) }
    if body != nil || text != nil {
      headers.append(.init(name: "content-type", value: "application/json"))
    }
    for (name, value) in own {
      headers.removeAll { $0.name == name }
      if value != "-" { headers.append(.init(name: name, value: value)) }
    }
    let request = HTTPServerRequest(
      method: method, path: String(parts.first ?? ""), query: query ?? [], headers: headers,
      body: Array((text ?? body?.json() ?? "").utf8), clientAddress: address)
    let response = service.response(to: request)
    check(request, response)
    return response
  }

  /// Signs in by a link.
  @discardableResult
  func signIn(_ link: String, fields own: [String: String] = [:]) -> HTTPServerResponse {
    let response = send("POST", path("/api/v1/session"), ["token": .string(link)], fields: own)
    if response.status == 200 {
      token = response.json["csrf"]?.string
      let field = response.headers.first { $0.name == "Set-Cookie" }?.value ?? ""
      cookie = field.split(separator: ";").first?.split(separator: "=").last.map { String($0) }
    }
    return response
  }

  func path(_ path: String) -> String { service.options.basePath + path }

  private func check(_ request: HTTPServerRequest, _ response: HTTPServerResponse) {
    let policy = response.headers.filter { $0.name == "Content-Security-Policy" }
    #expect(policy.map(\.value) == [SecurityHeaders.contentSecurityPolicy])
    for name in ["X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cache-Control"] {
      #expect(response.headers.filter { $0.name == name }.count == 1, "\(name)")
    }
    if response.status >= 400 {
      #expect(response.json["error"]?["code"]?.string?.isEmpty == false)
      #expect(response.json["error"]?["message"]?.string?.isEmpty == false)
    }
    let segments = request.path.dropFirst(service.options.basePath.count).split(
      separator: "/", omittingEmptySubsequences: false
    ).dropFirst()
    let method = request.method == "HEAD" ? "GET" : request.method
    let isBelow = request.path.hasPrefix(service.options.basePath + "/")
    let route = service.routes.first {
      isBelow && $0.method == method && $0.parameters(of: Array(segments)) != nil
    }
    // Answers that no route gives are checked by the tests that ask for them.
    guard let route, response.status != 500 else { return }
    #expect(route.statuses.contains(response.status), "\(method) \(route.path) \(response.status)")
    do {
      let findings = try Description.findings(method, route.path, response)
      #expect(findings == [])
    } catch {
      Issue.record(error)
    }
  }
}

extension HTTPServerResponse {
  /// The body as JSON; null when it is none.
  var json: JSONValue { (try? JSONParser().value(of: body)) ?? .null }

  /// The body as text.
  var text: String { String(decoding: body, as: UTF8.self) }

  /// The code of an error.
  var code: String? { json["error"]?["code"]?.string }
}

/// A service over a backend in memory.
struct TestService {
  let backend: MemoryBackend
  let service: AnnotationService

  static let ann = "link-of-ann"
  static let bob = "link-of-bob"
  static let root = "link-of-root"

  init(
    options: AnnotationServiceOptions? = nil, text: String = "text",
    _ change: (inout AnnotationServiceOptions) -> Void = { _ in }
  ) throws {
    let items = (1...5).map {
      MemoryBackend.Item(
        instruction: "\(text) instruction \($0)", input: "\(text) input",
        answers: ["\(text) one", "\(text) two"], models: ["secret-model-1", "secret-model-2"])
    }
    let backend = MemoryBackend(
      people: [
        .init(name: "root", token: Self.root, role: .administrator),
        .init(name: "ann \(text)", token: Self.ann, role: .annotator),
        .init(name: "bob", token: Self.bob, role: .annotator),
      ], items: items)
    var options = try options ?? AnnotationServiceOptions()
    change(&options)
    self.backend = backend
    service = AnnotationService(backend: backend, options: options, clock: { backend.now })
  }

  /// A browser; signed in when a link is given.
  func client(_ link: String? = nil) -> Client {
    let client = Client(service)
    if let link { client.signIn(link) }
    return client
  }
}

/// A UUID for a vote.
func key(_ number: Int) -> JSONValue {
  let digits = String(number)
  return .string(
    "01234567-89ab-4cde-8f01-" + String(repeating: "0", count: 12 - digits.count) + digits)
}
