import HTTPClient
import HTTPServer
import Testing

/// Sends one request and returns the answer.
private func fetch(
  _ url: String, method: HTTPRequest.Method = .get, body: [UInt8] = [],
  fields: [(name: String, value: String)] = []
) throws -> HTTPResponse {
  let engine = try HTTPEngine()
  var requests = [
    HTTPRequest(method: method, url: url, fields: HTTPFieldList(fields), body: body)
  ]
  var result: Result<HTTPResponse, HTTPFailure>?
  engine.run {
    requests.popLast().map { .request($0) } ?? .finished
  } completed: {
    result = $0.result
  }
  return try #require(result).get()
}

/// Answers with what it was asked, one fact per line.
private let echo: WebServer.Handler = { request in
  let query = request.query.map { "\($0.name)=\($0.value)" }
  let lines =
    [request.method, request.path] + query + ["x-test: \(request.header("x-test") ?? "-")"]
  return .text(
    lines.joined(separator: "\n") + "\n" + String(decoding: request.body, as: UTF8.self))
}

private func text(_ response: HTTPResponse) -> String {
  String(decoding: response.body, as: UTF8.self)
}

@Test func passesWhatWasAsked() throws {
  let server = try WebServer(handler: echo)
  defer { server.stop() }
  let answer = try fetch(
    server.url + "/v1/a%20b%2Fc?q=%C3%A9+x&flag&n=1%2B1", method: .post, body: Array("body".utf8),
    fields: [("X-Test", "yes")])
  #expect(text(answer) == "POST\n/v1/a b/c\nq=é x\nflag=\nn=1+1\nx-test: yes\nbody")
  #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
}

@Test func keepsNULsInQueriesAndBodies() throws {
  let server = try WebServer { request in
    HTTPServerResponse(body: Array((request.queryValue("a") ?? "").utf8) + request.body)
  }
  defer { server.stop() }
  let answer = try fetch(server.url + "/?a=1%002", method: .post, body: [0, 0xFF, 0])
  #expect(answer.body == [0x31, 0, 0x32, 0, 0xFF, 0])
}

@Test func refusesAddressesThatAreNotUTF8() throws {
  let server = try WebServer(handler: echo)
  defer { server.stop() }
  #expect(try fetch(server.url + "/%FF").status == 400)
  #expect(try fetch(server.url + "/?a=%FF").status == 400)
}

@Test func refusesBodiesThatAreTooLong() throws {
  let server = try WebServer(
    options: WebServerOptions(maximumBodyBytes: 1000), handler: echo)
  defer { server.stop() }
  let limit = [UInt8](repeating: 0x61, count: 1000)
  #expect(try fetch(server.url, method: .post, body: limit).status == 200)
  #expect(try fetch(server.url, method: .post, body: limit + limit + limit).status == 413)
  #expect(
    try fetch(server.url, method: .post, body: [UInt8](repeating: 0x61, count: 500_000)).status
      == 413)
}

@Test func answersManyRequestsOverKeptConnections() throws {
  let server = try WebServer { .json($0.body, status: 201) }
  defer { server.stop() }
  let engine = try HTTPEngine(options: HTTPEngineOptions(concurrency: 16))
  let fields = HTTPFieldList([])
  var sent = 0
  var good = 0
  var reused = 0
  engine.run {
    guard sent < 2000 else { return .finished }
    sent += 1
    return .request(
      HTTPRequest(
        tag: sent, method: .post, url: server.url + "/x", fields: fields,
        body: Array("\(sent)".utf8)))
  } completed: { completion in
    guard case .success(let response) = completion.result else { return }
    if response.status == 201, text(response) == "\(completion.tag)" { good += 1 }
    if completion.timings.reusedConnection { reused += 1 }
  }
  #expect(good == 2000)
  #expect(reused >= 1984)
}

@Test func listensOnBothFamilies() throws {
  for address in ["127.0.0.1", "::1"] {
    guard let server = try? WebServer(options: WebServerOptions(address: address), handler: echo)
    else {
      // Containers without IPv6 are common; IPv4 must work.
      #expect(address == "::1")
      continue
    }
    #expect(server.port != 0)
    #expect(try fetch(server.url).status == 200)
    server.stop()
    server.stop()
    #expect(throws: HTTPFailure.self) { try fetch(server.url) }
  }
}

@Test func namesWhyItCannotListen() throws {
  #expect(throws: WebServerError.badAddress("localhost")) {
    try WebServer(options: WebServerOptions(address: "localhost"), handler: echo)
  }
  let server = try WebServer(handler: echo)
  defer { server.stop() }
  let port = server.port
  let error = #expect(throws: WebServerError.self) {
    try WebServer(options: WebServerOptions(address: "192.0.2.1", port: port), handler: echo)
  }
  #expect(error?.description.hasPrefix("cannot listen on 192.0.2.1 port \(port): ") == true)
}
