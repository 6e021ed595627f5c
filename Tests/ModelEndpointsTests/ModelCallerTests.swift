import HTTPClient
import LoopbackServer
import ModelEndpoints
import Testing

private let good = #"{"choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}"#

/// Retries at once, so that tests take no time.
private var quickly: RetryPolicy {
  var policy = RetryPolicy()
  policy.firstDelay = 0.002
  policy.maximumDelay = 0.01
  policy.unreachableSeconds = 0
  return policy
}

private struct Outcome {
  var answers: [ModelAnswer] = []
  var stops: [(endpoint: String, stop: EndpointStop)] = []
}

private func ask(
  _ url: String, count: Int = 1, concurrency: Int = 4, key: String? = nil,
  policy: RetryPolicy = quickly, mayStart: (ModelCall) -> Bool = { _ in true },
  timeouts: HTTPRequest.Timeouts = .init(total: .seconds(10)),
  options: HTTPEngineOptions = HTTPEngineOptions()
) throws -> Outcome {
  let endpoint = try EndpointConfiguration(
    name: "test", url: url, key: key.map { _ in .environment("KEY") }, concurrency: concurrency,
    timeouts: timeouts)
  let model = try ModelConfiguration(name: "m", endpoint: endpoint)
  let caller = try ModelCaller(
    endpoints: [endpoint], policy: policy, options: options, environment: { _ in key })
  var calls: [ModelCall] = []
  for tag in 0..<count {
    calls.append(try ModelCall(tag: tag, model: model, prompt: .text("Name a prime.")))
  }
  var outcome = Outcome()
  var sent = 0
  outcome.stops = caller.run(
    next: { _ in
      guard sent < calls.count else { return .finished }
      sent += 1
      return .call(calls[sent - 1])
    }, mayStart: mayStart, answered: { outcome.answers.append($0) })
  return outcome
}

private struct FaultCase: Sendable, CustomTestStringConvertible {
  let name: String
  let steps: [FaultServer.Step]
  let state: AnswerState
  let attempts: Int
  var testDescription: String { name }
}

private let faults: [FaultCase] = [
  FaultCase(name: "200", steps: [.answer(text: good)], state: .answered, attempts: 1),
  FaultCase(name: "400", steps: [.answer(400, text: "{}")], state: .failed, attempts: 1),
  FaultCase(name: "403", steps: [.answer(403, text: "{}")], state: .failed, attempts: 1),
  FaultCase(name: "404", steps: [.answer(404, text: "{}")], state: .failed, attempts: 1),
  FaultCase(
    name: "307", steps: [.answer(307, headers: ["Location: http://127.0.0.1:1/"], text: "")],
    state: .failed, attempts: 1),
  FaultCase(name: "408", steps: [.answer(408, text: "{}")], state: .failed, attempts: 5),
  FaultCase(name: "500", steps: [.answer(500, text: "{}")], state: .failed, attempts: 5),
  FaultCase(name: "429", steps: [.answer(429, text: "{}")], state: .failed, attempts: 20),
  FaultCase(name: "529", steps: [.answer(529, text: "{}")], state: .failed, attempts: 20),
  FaultCase(name: "reset", steps: [.reset], state: .unreachable, attempts: 5),
  FaultCase(
    name: "cut", steps: [.answer(200, good.utf8, announcedLength: 500), .close],
    state: .unreachable, attempts: 5),
  FaultCase(name: "not JSON", steps: [.answer(text: "{")], state: .malformed, attempts: 1),
  FaultCase(
    name: "HTML", steps: [.answer(headers: ["Content-Type: text/html"], text: "<html>x</html>")],
    state: .malformed, attempts: 1),
  FaultCase(
    name: "503 with status 200", steps: [.answer(text: #"{"error":{"code":500,"message":"x"}}"#)],
    state: .malformed, attempts: 5),
  FaultCase(
    name: "too long", steps: [.answer(200, [UInt8](repeating: 0x20, count: 100_000))],
    state: .failed, attempts: 1),
]

@Test(arguments: faults) private func endsEveryCall(_ fault: FaultCase) throws {
  let steps = fault.steps
  let server = FaultServer { _ in steps }
  defer { server.stop() }
  let outcome = try ask(server.url, options: HTTPEngineOptions(maximumBodyBytes: 50_000))
  #expect(outcome.answers.map(\.state) == [fault.state])
  #expect(outcome.answers.map(\.attempts) == [fault.attempts])
  #expect((outcome.answers.first?.errorText == nil) == (fault.state == .answered))
}

@Test func survivesAStorm() throws {
  let server = FaultServer { request in
    switch request.number % 5 {
    case 0: [.answer(429, text: #"{"error":{"message":"slow down"}}"#)]
    case 1: [.answer(500, text: "oops")]
    case 2: [.reset]
    case 3: [.answer(429, headers: ["Retry-After: 0"], text: "")]
    default: [.answer(text: good)]
    }
  }
  defer { server.stop() }
  var policy = quickly
  policy.maximumAttempts = 50
  policy.maximumThrottledAttempts = 50
  let outcome = try ask(server.url, count: 60, concurrency: 8, policy: policy)
  #expect(Set(outcome.answers.map(\.tag)) == Set(0..<60))
  #expect(outcome.answers.count == 60)
  #expect(outcome.answers.allSatisfy { $0.state == .answered && $0.text == "Hi" })
  #expect(outcome.stops.isEmpty)
}

@Test func waitsAsLongAsTheServerAsks() throws {
  let server = FaultServer { request in
    request.number == 0
      ? [.answer(429, headers: ["Retry-After: 1"], text: "")] : [.answer(text: good)]
  }
  defer { server.stop() }
  let start = ContinuousClock.now
  let outcome = try ask(server.url, count: 3, concurrency: 1)
  #expect(ContinuousClock.now - start >= .seconds(1))
  #expect(outcome.answers.allSatisfy { $0.state == .answered })
}

@Test func givesUpAnEndpointThatRefusesTheKey() throws {
  let server = FaultServer { _ in
    [.answer(401, text: #"{"error":{"message":"Invalid API Key"}}"#)]
  }
  defer { server.stop() }
  let outcome = try ask(server.url, count: 100, concurrency: 2)
  #expect(server.requestCount <= 2)
  #expect(outcome.stops.map(\.endpoint) == ["test"])
  #expect(outcome.stops.first?.stop == .refused(status: 401, message: "Invalid API Key"))
  #expect(outcome.answers.allSatisfy { $0.state == .failed || $0.state == .notSent })
}

@Test func givesUpAnEndpointThatCannotBeReached() throws {
  let server = FaultServer { _ in [] }
  server.stop()
  let outcome = try ask("http://127.0.0.1:1", count: 100, concurrency: 4)
  guard case .unreachable? = outcome.stops.first?.stop else {
    Issue.record("got \(outcome.stops)")
    return
  }
  #expect(outcome.answers.allSatisfy { $0.state == .unreachable || $0.state == .failed })
}

@Test func givesUpAnEndpointThatAsksForTooMuchPatience() throws {
  let server = FaultServer { _ in [.answer(429, headers: ["Retry-After: 86400"], text: "")] }
  defer { server.stop() }
  let outcome = try ask(server.url, count: 10, concurrency: 1)
  #expect(outcome.stops.first?.stop == .waitTooLong(seconds: 86_400, limit: 900))
  #expect(server.requestCount == 1)
}

@Test func stopsAtTheBudget() throws {
  let server = FaultServer { _ in [.answer(text: good)] }
  defer { server.stop() }
  var allowed = 7
  let outcome = try ask(
    server.url, count: 20,
    mayStart: { _ in
      allowed -= 1
      return allowed >= 0
    })
  #expect(server.requestCount == 7)
  #expect(outcome.answers.count { $0.state == .answered } == 7)
  #expect(outcome.answers.count { $0.state == .notSent && $0.attempts == 0 } == 13)
}

@Test(arguments: [200, 400, 401, 500]) func neverShowsTheKey(_ status: Int) throws {
  let key = "sk-secret-0123456789"
  let server = FaultServer { request in
    let field = request.head.split(separator: "\r\n").first { $0.hasPrefix("Authorization") } ?? ""
    let text =
      status == 200
      ? #"{"choices":[{"message":{"content":"I got \#(field)"}}]}"#
      : #"{"error":{"message":"wrong \#(field)"}}"#
    return [.answer(status, text: text)]
  }
  defer { server.stop() }
  let outcome = try ask(server.url, key: key)
  let answer = try #require(outcome.answers.first)
  let shown =
    "\(answer) \(outcome.stops) " + String(decoding: answer.rawResponse, as: UTF8.self)
    + (answer.errorText ?? "") + answer.text
  #expect(shown.contains("Bearer [redacted]"))
  #expect(!shown.contains("0123456789"))
}

@Test func asksSeveralEndpointsAtTheirOwnPace() throws {
  let slow = FaultServer { _ in [.pause(milliseconds: 50), .answer(text: good)] }
  let fast = FaultServer { _ in [.answer(text: good)] }
  defer {
    slow.stop()
    fast.stop()
  }
  let endpoints = [
    try EndpointConfiguration(name: "slow", url: slow.url, concurrency: 1),
    try EndpointConfiguration(name: "fast", url: fast.url, concurrency: 2),
  ]
  let models = try endpoints.map { try ModelConfiguration(name: $0.name, endpoint: $0) }
  let caller = try ModelCaller(endpoints: endpoints)
  var sent = ["slow": 0, "fast": 0]
  var order: [String] = []
  _ = caller.run { name in
    let count = sent[name, default: 0]
    guard count < 5, let model = models.first(where: { $0.name == name }),
      let call = try? ModelCall(tag: count, model: model, prompt: .text("x"))
    else { return .finished }
    sent[name] = count + 1
    return .call(call)
  } answered: {
    order.append($0.call.endpoint)
  }
  #expect(order.count == 10)
  #expect(order.last == "slow")
  #expect(order.lastIndex(of: "fast") ?? 10 < 8)
}

@Test func abortsAndAnswersWhatWaits() throws {
  let server = FaultServer { _ in [.answer(500, text: "")] }
  defer { server.stop() }
  let endpoint = try EndpointConfiguration(name: "e", url: server.url, concurrency: 2)
  let model = try ModelConfiguration(name: "m", endpoint: endpoint)
  var policy = RetryPolicy()
  policy.firstDelay = 30
  let caller = try ModelCaller(endpoints: [endpoint], policy: policy)
  var pulled = 0
  var answers: [ModelAnswer] = []
  let control = caller.control
  callLater(milliseconds: 200) { control.stop(.abortingTransfers) }
  _ = caller.run { _ in
    guard let call = try? ModelCall(tag: pulled, model: model, prompt: .text("x")) else {
      return .finished
    }
    pulled += 1
    return .call(call)
  } answered: {
    answers.append($0)
  }
  // No more calls are pulled once as many wait for another attempt as there are places.
  #expect((2...3).contains(pulled))
  #expect(answers.map(\.tag).sorted() == Array(0..<pulled))
  #expect(answers.allSatisfy { $0.state == .cancelled && $0.attempts == 1 })
}
