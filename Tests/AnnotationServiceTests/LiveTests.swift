import Annotation
import Foundation
import HTTPServer
import JSON
import RawHTTP
import Testing

@testable import AnnotationService

/// A service behind a socket.
private func serving(
  _ test: TestService, requestSeconds: Int = 5, _ body: (WebServer) throws -> Void
) throws {
  var options = AnnotationService.serverOptions(address: "127.0.0.1", port: 0)
  options.requestSeconds = requestSeconds
  let server = try WebServer(
    options: options, refuse: { test.service.response(to: $0) },
    handler: { test.service.response(to: $0) })
  defer { server.stop() }
  try body(server)
}

private func request(
  _ method: String, _ target: String, _ server: WebServer, fields: String = "", body: String = ""
) -> String {
  let length = method == "GET" ? "" : "Content-Length: \(body.utf8.count)\r\n"
  return
    "\(method) \(target) HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n\(fields)\(length)\r\n\(body)"
}

private func json(_ response: RawResponse?) -> JSONValue {
  response.flatMap { try? JSONValue(json: $0.text) } ?? .null
}

@Test func peopleVoteOverASocket() throws {
  try serving(TestService()) { server in
    let connection = RawConnection(port: server.port)
    let type = "Content-Type: application/json\r\n"
    connection.send(
      request(
        "POST", "/api/v1/session", server, fields: type, body: "{\"token\":\"\(TestService.ann)\"}")
    )
    let session = try #require(connection.readResponse())
    let cookie = try #require(session.header("set-cookie")?.split(separator: ";").first)
    let token = try #require(json(session)["csrf"]?.string)
    let fields = type + "Cookie: \(cookie)\r\nX-CSRF-Token: \(token)\r\n"
    connection.send(request("POST", "/api/v1/tasks/next", server, fields: fields, body: "{}"))
    #expect(json(connection.readResponse())["task"]?["assignment_id"]?.int == 1)
    let vote =
      "{\"assignment_id\":1,\"client_key\":\(key(1).json()),\"verdict\":\"Same bad\",\"milliseconds\":9}"
    connection.send(request("POST", "/api/v1/votes", server, fields: fields, body: vote))
    #expect(json(connection.readResponse())["done"]?.int == 1)
  }
}

@Test func refusalsOfTheServerAreTheServicesOwn() throws {
  try serving(TestService()) { server in
    let cases = [
      (
        request("GET", "/", server, fields: "X: \(String(repeating: "a", count: 20_000))\r\n"), 431,
        "header_too_large"
      ),
      (
        request("POST", "/api/v1/votes", server, body: String(repeating: "a", count: 70_000)), 413,
        "body_too_large"
      ),
      (request("GET", "/%FF", server), 400, "not_utf8"),
      (
        request("POST", "/", server, fields: "Transfer-Encoding: chunked\r\n", body: "0\r\n\r\n"),
        400, "ambiguous_length"
      ),
      (request("GET", "/../../../../etc/passwd", server), 404, "no_such_page"),
      (request("GET", "/assets/..%2F..%2F..%2Fetc%2Fpasswd", server), 404, "no_such_page"),
      (request("GET", "/assets/%00", server), 404, "no_such_page"),
      (request("TRACE", "/", server), 405, "wrong_method"),
      (request("GET", "/api/v1/me", server, fields: "X: 1\r\n\tY: 2\r\n"), 401, "not_signed_in"),
    ]
    for (text, status, code) in cases {
      let connection = RawConnection(port: server.port)
      connection.send(text)
      let response = connection.readResponse()
      #expect(response?.status == status, "\(text.prefix(80))")
      #expect(json(response)["error"]?["code"]?.string == code, "\(text.prefix(80))")
      #expect(response?.header("content-security-policy") == SecurityHeaders.contentSecurityPolicy)
    }
  }
}

@Test func headersCannotBeInjected() throws {
  try serving(TestService()) { server in
    for target in [
      "/%0d%0aSet-Cookie:%20x=1", "/assets/a%0d%0aX-Evil:%201", "/?a=%0d%0aX-Evil:%201",
    ] {
      let connection = RawConnection(port: server.port)
      connection.send(request("GET", target, server))
      let response = try #require(connection.readResponse())
      #expect(response.header("set-cookie") == nil)
      #expect(response.header("x-evil") == nil)
    }
  }
}

@Test func aSlowClientIsCutAndOthersAreServed() throws {
  try serving(TestService(), requestSeconds: 1) { server in
    let slow = (0..<50).map { _ in RawConnection(port: server.port) }
    for connection in slow {
      connection.send("POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\n")
    }
    let begin = ContinuousClock.now
    while ContinuousClock.now - begin < .milliseconds(2500) {
      for connection in slow { connection.send("X: 1\r\n") }
      let other = RawConnection(port: server.port)
      other.send(request("GET", "/healthz", server))
      #expect(other.readResponse()?.status == 200)
      usleep(100_000)
    }
    for connection in slow { #expect(connection.waitForEnd(seconds: 2)) }
  }
}

@Test func manyVotesAtOnceAreEachCountedOnce() throws {
  let test = try TestService { $0.requestsOfPerson = .init(burst: 1e6, perSecond: 1e6) }
  try serving(test) { server in
    let client = test.client(TestService.ann)
    client.send("POST", "/api/v1/tasks/next", [:])
    let fields =
      "Content-Type: application/json\r\nCookie: mixinstruct_session=\(client.cookie ?? "")\r\n"
      + "X-CSRF-Token: \(client.token ?? "")\r\n"
    let vote =
      "{\"assignment_id\":1,\"client_key\":\(key(7).json()),\"verdict\":\"Same bad\",\"milliseconds\":9}"
    let connections = (0..<40).map { _ in RawConnection(port: server.port) }
    for connection in connections {
      connection.send(request("POST", "/api/v1/votes", server, fields: fields, body: vote))
    }
    let answers = connections.map { json($0.readResponse()) }
    #expect(answers.filter { $0["repeated"] == false }.count == 1)
    #expect(Set(answers.compactMap { $0["vote_id"]?.int }) == [1])
    test.backend.change { #expect($0.votes.count == 1) }
  }
}
