import Glibc
import HTTPClient
import LoopbackServer
import Testing

/// Sends `count` requests and returns how they ended.
private func completions(
  _ url: String, count: Int = 1, options: HTTPEngineOptions = HTTPEngineOptions(concurrency: 4),
  body: [UInt8] = Array("{}".utf8), timeouts: HTTPRequest.Timeouts = .init(total: .seconds(10))
) throws -> [HTTPCompletion] {
  let engine = try HTTPEngine(options: options)
  let fields = HTTPFieldList([("Content-Type", "application/json")])
  var sent = 0
  var ended: [HTTPCompletion] = []
  engine.run {
    guard sent < count else { return .finished }
    sent += 1
    return .request(
      HTTPRequest(
        tag: sent, method: .post, url: url, fields: fields, body: body, timeouts: timeouts))
  } completed: {
    ended.append($0)
  }
  return ended
}

private func failure(_ completion: HTTPCompletion?) -> HTTPFailure.Kind? {
  if case .failure(let failure)? = completion?.result { failure.kind } else { nil }
}

private func response(_ completion: HTTPCompletion?) -> HTTPResponse? {
  try? completion?.result.get()
}

/// A way to misbehave and what the client must say.
private struct FaultCase: Sendable, CustomTestStringConvertible {
  let name: String
  let steps: [FaultServer.Step]
  let kind: HTTPFailure.Kind
  var testDescription: String { name }
}

private let firstByteLimit = Duration.milliseconds(300)
private let totalLimit = Duration.milliseconds(700)

private let faults: [FaultCase] = [
  FaultCase(name: "reset", steps: [.reset], kind: .connectionReset),
  FaultCase(name: "closed without an answer", steps: [.close], kind: .connectionReset),
  FaultCase(
    name: "Content-Length too long",
    steps: [.answer(200, "{}".utf8, announcedLength: 100), .close], kind: .truncatedBody),
  FaultCase(
    name: "reset in the body",
    steps: [
      .answer(200, "{}".utf8, announcedLength: 100), .pause(milliseconds: 100), .reset,
    ], kind: .truncatedBody),
  FaultCase(
    name: "chunks without an end",
    steps: [
      .send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n".utf8)),
      .close,
    ], kind: .truncatedBody),
  FaultCase(name: "stall", steps: [.stall], kind: .firstByteTimeout(firstByteLimit)),
  FaultCase(
    name: "slow drip",
    steps: [
      .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8)),
      .drip(Array(repeating: 0x20, count: 1000), milliseconds: 20),
    ], kind: .totalTimeout(totalLimit)),
  FaultCase(
    name: "endless",
    steps: [
      .send(Array("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".utf8))
    ] + Array(repeating: .send(Array(repeating: 0x61, count: 100_000)), count: 20),
    kind: .tooLarge(limit: 1_000_000)),
]

@Test(arguments: faults) private func namesTheFault(_ fault: FaultCase) throws {
  let steps = fault.steps
  let server = FaultServer { _ in steps }
  defer { server.stop() }
  let ended = try completions(
    server.url, options: HTTPEngineOptions(maximumBodyBytes: 1_000_000),
    timeouts: .init(firstByte: firstByteLimit, total: totalLimit))
  #expect(ended.count == 1)
  #expect(failure(ended.first) == fault.kind)
}

@Test func namesWhatIsNotHTTP() throws {
  let server = FaultServer { _ in [.send(Array("SSH-2.0-x\r\n".utf8)), .close] }
  defer { server.stop() }
  #expect(failure(try completions(server.url).first) == .protocolViolation)
}

@Test func namesRefusedConnections() throws {
  let server = FaultServer { _ in [] }
  server.stop()
  usleep(50_000)
  #expect(failure(try completions(server.url).first) == .connectionRefused)
}

@Test(arguments: ["", "no scheme at all", "ftp://127.0.0.1/x", "http://"])
func namesBadAddresses(_ url: String) throws {
  let kind = failure(try completions(url).first)
  #expect(kind == .badURL || kind == .couldNotResolve)
}

@Test func namesHostsWithoutAddress() throws {
  // RFC 6761: this name never has an address.
  #expect(failure(try completions("http://nowhere.invalid/").first) == .couldNotResolve)
}

@Test func speaksOfTLSWhenTheServerDoesNot() throws {
  let plain = FaultServer { _ in [.answer(200, "{}".utf8)] }
  defer { plain.stop() }
  let url = "https" + plain.url.dropFirst(4)
  // The fault server waits for a request that never comes: the handshake is part of connecting.
  let ended = try completions(url, timeouts: .init(connect: .milliseconds(300)))
  let kind = failure(ended.first)
  #expect(kind == .connectTimeout(.milliseconds(300)) || kind == .tls)
}

@Test func readsTenMegabytes() throws {
  let body = [UInt8](repeating: 0x61, count: 10_000_000)
  let server = FaultServer { _ in [.answer(200, body)] }
  defer { server.stop() }
  let ended = try completions(server.url, count: 3)
  #expect(ended.allSatisfy { response($0)?.body == body })
}

@Test func sendsLargeBodiesWithoutAskingFirst() throws {
  let server = FaultServer { request in
    let expects = request.head.lowercased().contains("expect:")
    return [.answer(expects ? 417 : 200, "\(request.body.count)".utf8)]
  }
  defer { server.stop() }
  let body = [UInt8](repeating: 0x61, count: 3_000_000)
  let answer = response(try completions(server.url, body: body).first)
  #expect(answer?.status == 200)
  #expect(answer?.body == Array("3000000".utf8))
}

@Test func keepsBytesAsTheyAre() throws {
  let body: [UInt8] = [0, 0xFF, 0x0D, 0x0A, 0, 0xC3]
  let server = FaultServer { _ in [.answer(200, body)] }
  defer { server.stop() }
  #expect(response(try completions(server.url).first)?.body == body)
}

@Test func usesConnectionsAgain() throws {
  let server = FaultServer { _ in [.answer(200, "{}".utf8)] }
  defer { server.stop() }
  let ended = try completions(server.url, count: 200, options: HTTPEngineOptions(concurrency: 4))
  #expect(ended.count == 200)
  #expect(server.connectionCount <= 4)
  #expect(ended.count { $0.timings.reusedConnection } >= 196)
}

@Test func survivesKeepAliveConnectionsThatClose() throws {
  // Every answer promises a connection that is then closed: a request sent on it must go again.
  let server = FaultServer { _ in [.answer(200, "{}".utf8), .close] }
  defer { server.stop() }
  let ended = try completions(server.url, count: 100)
  #expect(ended.count { response($0)?.status == 200 } == 100)
}

@Test func lowersHeaderNamesAndTakesTheLastBlock() throws {
  let server = FaultServer { _ in
    [
      .send(Array("HTTP/1.1 100 Continue\r\nX-Early: 1\r\n\r\n".utf8)),
      .answer(429, headers: ["Retry-After:  7 ", "X-RateLimit-Remaining: 0"], "".utf8),
    ]
  }
  defer { server.stop() }
  let answer = try #require(response(try completions(server.url).first))
  #expect(answer.status == 429)
  #expect(answer.headers["retry-after"] == "7")
  #expect(answer.headers["x-early"] == nil)
  #expect(
    answer.headers.all.map(\.name) == ["retry-after", "x-ratelimit-remaining", "content-length"])
}

@Test func fieldValuesCannotStartOtherFields() throws {
  let server = FaultServer { request in [.answer(200, request.head.utf8)] }
  defer { server.stop() }
  let engine = try HTTPEngine()
  let fields = HTTPFieldList([("X-A", "one\r\nX-B: two"), ("X-Empty", "")])
  var requests = [HTTPRequest(url: server.url, fields: fields)]
  var head = ""
  engine.run {
    requests.popLast().map { .request($0) } ?? .finished
  } completed: {
    head = String(decoding: response($0)?.body ?? [], as: UTF8.self)
  }
  #expect(head.contains("X-A: oneX-B: two"))
  #expect(head.contains("X-Empty:"))
  #expect(!head.contains("\nX-B"))
}
