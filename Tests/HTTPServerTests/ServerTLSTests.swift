import Foundation
import HTTPClient
import HTTPServer
import RawHTTP
import Testing

private enum Fixture {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures")

  static func path(_ name: String) -> String { folder.appending(path: name).path }

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  static func identity(key: String = "key.pem") throws -> TLSIdentity {
    try TLSIdentity(certificate: text("certificate.pem"), key: text(key))
  }
}

private func fetch(_ url: String, trusting bundle: String?) throws -> HTTPResponse {
  let engine = try HTTPEngine()
  var route = HTTPRoute(proxy: "")
  route.certificateBundle = bundle
  var requests = [HTTPRequest(url: url, fields: HTTPFieldList([]), route: route)]
  var result: Result<HTTPResponse, HTTPFailure>?
  engine.run {
    requests.popLast().map { .request($0) } ?? .finished
  } completed: {
    result = $0.result
  }
  return try #require(result).get()
}

@Test(arguments: [0, 2]) func servesOverTLS(handlerThreads: Int) throws {
  let server = try WebServer(
    options: WebServerOptions(handlerThreads: handlerThreads, identity: Fixture.identity())
  ) { _ in .text("secure") }
  defer { server.stop() }
  #expect(server.isSecure)
  #expect(server.url == "https://127.0.0.1:\(server.port)")
  let answer = try fetch(server.url, trusting: Fixture.path("certificate.pem"))
  #expect(String(decoding: answer.body, as: UTF8.self) == "secure")
  #expect(throws: HTTPFailure.self) { try fetch(server.url, trusting: nil) }
  // Plain HTTP is not answered.
  let plain = RawConnection(port: server.port)
  plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
  #expect(plain.readResponse(seconds: 2) == nil)
}

@Test func cutsClientsThatDoNotFinishTheHandshake() throws {
  let server = try WebServer(
    options: WebServerOptions(requestSeconds: 1, identity: Fixture.identity())
  ) { _ in .text("secure") }
  defer { server.stop() }
  let connection = RawConnection(port: server.port)
  connection.send([0x16, 0x03])
  #expect(connection.waitForEnd(seconds: 6))
}

@Test func namesWhyAnIdentityIsNoGood() throws {
  let certificate = try Fixture.text("certificate.pem")
  let key = try Fixture.text("key.pem")
  #expect(throws: WebServerError.self) { try TLSIdentity(certificate: key, key: key) }
  #expect(throws: WebServerError.self) {
    try TLSIdentity(certificate: certificate, key: certificate)
  }
  #expect(throws: WebServerError.self) {
    try TLSIdentity(
      certificate: certificate, key: "-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
  }
  // A key of another certificate, and a certificate that is none.
  for identity in [
    try Fixture.identity(key: "other-key.pem"),
    try TLSIdentity(certificate: "-----BEGIN CERTIFICATE-----\nAAAA\n", key: key),
  ] {
    let error = #expect(throws: WebServerError.self) {
      try WebServer(options: WebServerOptions(identity: identity)) { _ in .text("") }
    }
    guard case .badIdentity = error else {
      Issue.record("\(String(describing: error))")
      continue
    }
  }
  #expect(!"\(try Fixture.identity())".contains("PRIVATE KEY-----"))
}
