import HTTPClient
import LoopbackServer
import Synchronization
import Testing

/// Keeps what it was given, and takes at most so many bytes of answers with status 200.
private final class Collector: HTTPBodySink {
  private struct State {
    var statuses: [Int] = []
    var bytes: [UInt8] = []
  }

  private let state = Mutex(State())
  private let limit: Int

  init(limit: Int = .max) { self.limit = limit }

  var bytes: [UInt8] { state.withLock { $0.bytes } }
  var statuses: [Int] { state.withLock { $0.statuses } }

  func accepts(status: Int, headers: HTTPResponseHeaders) -> Bool {
    state.withLock { $0.statuses.append(status) }
    return status == 200
  }

  func receive(_ bytes: RawSpan) -> Bool {
    let piece = unsafe bytes.withUnsafeBytes { unsafe [UInt8]($0) }
    return state.withLock { state in
      state.bytes += piece
      return state.bytes.count <= limit
    }
  }
}

private func completion(
  _ url: String, method: HTTPRequest.Method = .get, sink: (any HTTPBodySink)? = nil,
  timeouts: HTTPRequest.Timeouts = .init(total: .seconds(20)), maximumBodyBytes: Int = 100
) throws -> HTTPCompletion {
  let engine = try HTTPEngine(options: HTTPEngineOptions(maximumBodyBytes: maximumBodyBytes))
  var isSent = false
  var end: HTTPCompletion?
  engine.run {
    if isSent { return .finished }
    isSent = true
    return .request(
      HTTPRequest(
        method: method, url: url, fields: HTTPFieldList([]), timeouts: timeouts, sink: sink))
  } completed: {
    end = $0
  }
  return try #require(end)
}

private func failure(_ completion: HTTPCompletion) -> HTTPFailure.Kind? {
  if case .failure(let failure) = completion.result { failure.kind } else { nil }
}

private let large = [UInt8]((0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })

@Test func aSinkTakesBodiesBeyondTheLimitOfMemory() throws {
  let server = FaultServer { _ in [.answer(200, large)] }
  defer { server.stop() }
  let sink = Collector()
  let response = try completion(server.url, sink: sink).result.get()
  #expect(response.status == 200)
  #expect(response.body.isEmpty)
  #expect(sink.bytes == large)
  #expect(sink.statuses == [200])
}

@Test func aSinkThatDeclinesLeavesTheBodyInTheResponse() throws {
  let server = FaultServer { _ in [.answer(404, text: "no such file")] }
  defer { server.stop() }
  let sink = Collector()
  let response = try completion(server.url, sink: sink).result.get()
  #expect(String(decoding: response.body, as: UTF8.self) == "no such file")
  #expect(sink.bytes.isEmpty)
  #expect(sink.statuses == [404])
}

@Test func aSinkHearsOfAnEmptyBody() throws {
  let server = FaultServer { _ in [.answer(200, text: "")] }
  defer { server.stop() }
  let sink = Collector()
  _ = try completion(server.url, sink: sink).result.get()
  #expect(sink.statuses == [200])
}

@Test func aSinkEndsATransfer() throws {
  let server = FaultServer { _ in [.answer(200, large)] }
  defer { server.stop() }
  let sink = Collector(limit: 1000)
  #expect(try failure(completion(server.url, sink: sink)) == .refusedBySink)
  #expect(sink.bytes.count < large.count)
}

@Test func aBodyThatStopsComingIsGivenUp() throws {
  let server = FaultServer { _ in
    [.answer(200, large[..<1000], announcedLength: 5000), .stall]
  }
  defer { server.stop() }
  let limit = Duration.seconds(1)
  let timeouts = HTTPRequest.Timeouts(total: .seconds(20), stall: limit)
  let sink = Collector()
  let end = try completion(server.url, sink: sink, timeouts: timeouts)
  #expect(failure(end) == .stalled(limit))
  #expect(end.timings.total < .seconds(10))
  #expect(sink.bytes.count == 1000)
}

@Test func aSlowBodyIsNoStall() throws {
  let server = FaultServer { _ in
    [
      .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n".utf8)),
      .drip(Array(repeating: 0x61, count: 20), milliseconds: 50),
    ]
  }
  defer { server.stop() }
  let timeouts = HTTPRequest.Timeouts(total: .seconds(20), stall: .milliseconds(600))
  let sink = Collector()
  _ = try completion(server.url, sink: sink, timeouts: timeouts).result.get()
  #expect(sink.bytes.count == 20)
}

@Test func headAsksForHeaderFieldsAlone() throws {
  let server = FaultServer { request in
    let isHead = request.head.hasPrefix("HEAD ")
    return isHead
      ? [.send(Array("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: 5\r\n\r\n".utf8))]
      : [.answer(200, text: "hello")]
  }
  defer { server.stop() }
  let engine = try HTTPEngine(options: HTTPEngineOptions(concurrency: 1))
  var methods: [HTTPRequest.Method] = [.head, .get, .head, .post, .head]
  var bodies: [Int] = []
  engine.run {
    guard !methods.isEmpty else { return .finished }
    let method = methods.removeFirst()
    return .request(HTTPRequest(method: method, url: server.url, fields: HTTPFieldList([])))
  } completed: {
    bodies.append((try? $0.result.get())?.body.count ?? -1)
  }
  #expect(bodies == [0, 5, 0, 5, 0])
}
