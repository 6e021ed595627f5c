import Foundation
import JSON
import LoopbackServer
import ModelEndpoints
import Synchronization

/// A model server that treats each question as the question itself says: `fault:NAME;` in its text.
final class FaultyModel: Sendable {
  /// What happens to a question.
  struct Fault: Sendable {
    let name: String
    /// What the server does; receives the fields of the request.
    let steps: @Sendable (FaultServer.Request) -> [FaultServer.Step]
    /// The attempts that it happens to; the next one is answered well.
    var attempts = Int.max
    /// The state of the answer in the store.
    var state = "answered"
    /// The attempts until the question is settled, as the journal counts them.
    var asked = 1
  }

  private let faults: [String: Fault]
  private let reply: String
  private let isHealthy = Atomic<Bool>(false)
  private let counts = Mutex<[String: Int]>([:])
  private let servers = Mutex<[FaultServer]>([])

  /// A server.
  ///
  /// - Parameters:
  ///   - faults: what it knows to do wrong.
  ///   - reply: what it answers else.
  init(_ faults: [Fault], reply: String) {
    self.faults = Dictionary(uniqueKeysWithValues: faults.map { ($0.name, $0) })
    self.reply = reply
    start(port: 0)
  }

  deinit { stop() }

  private func start(port: UInt16) {
    // The server must not keep this object, which stops it when it goes.
    let server = FaultServer(port: port) { [weak self] in self?.steps(for: $0) ?? [.close] }
    servers.withLock { $0.append(server) }
  }

  var url: String { servers.withLock { $0[0].url } }

  /// The number of requests so far.
  var requestCount: Int { servers.withLock { $0.reduce(0) { $0 + $1.requestCount } } }

  /// Stops listening and breaks all connections.
  func stop() { servers.withLock { for server in $0 { server.stop() } } }

  /// Listens again where it did before.
  func restart() { start(port: servers.withLock { $0[0].port }) }

  /// From now on everything is answered well.
  func recover() {
    isHealthy.store(true, ordering: .releasing)
    counts.withLock { $0.removeAll() }
  }

  /// The number of different questions.
  var questionCount: Int { counts.withLock { $0.count } }

  private func steps(for request: FaultServer.Request) -> [FaultServer.Step] {
    let body = String(decoding: request.body, as: UTF8.self)
    let attempt = counts.withLock { counts in
      counts[body, default: 0] += 1
      return counts[body, default: 0]
    }
    guard !isHealthy.load(ordering: .acquiring),
      let name = body.split(separator: "fault:").dropFirst().first?.split(separator: ";").first,
      let fault = faults[String(name)], attempt <= fault.attempts
    else { return Self.answer(reply) }
    return fault.steps(request)
  }

  /// The same steps whatever the request.
  static func always(
    _ steps: FaultServer.Step...
  ) -> @Sendable (FaultServer.Request) -> [FaultServer.Step] { { _ in steps } }

  /// A good answer, or one with a piece of JSON in the place of its text.
  static func answer(
    _ text: String, content: String? = nil, finish: String = "stop", more: String = ""
  ) -> [FaultServer.Step] {
    let content = content ?? JSONValue.string(text).json()
    return [
      .answer(
        text: #"{"choices":[{"message":{"role":"assistant","content":\#(content)\#(more)},"#
          + #""finish_reason":"\#(finish)"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#)
    ]
  }

  /// A configuration of this server with short times, as a file.
  func configuration(
    in folder: TemporaryFolder, concurrency: Int = 8, key: String? = nil, firstByte: Double = 1
  ) throws -> String {
    var endpoint: JSONObject = [
      "name": "e", "url": .string(url), "concurrency": .integer(Int64(concurrency)),
      "timeouts": ["connect": 2, "first_byte": .double(firstByte), "total": 2],
    ]
    if let key { endpoint["key"] = ["env": .string(key)] }
    let catalog: JSONValue = [
      "endpoints": [.object(endpoint)],
      "models": [["name": "m", "endpoint": "e", "parameters": ["max_tokens": 100]]],
    ]
    return try folder.write(catalog.json(), to: "models.json")
  }

  /// Retries without long waits.
  static var quickRetries: RetryPolicy {
    var policy = RetryPolicy()
    policy.firstDelay = 0.01
    policy.maximumDelay = 0.05
    policy.unreachableSeconds = 0
    return policy
  }
}

/// Questions of two kinds about the same texts.
enum Asking: String, CaseIterable, Sendable {
  case collect
  case judge

  /// How many questions an example gives.
  var questions: Int { self == .collect ? 1 : 2 }

  /// The good answer.
  var reply: String { self == .collect ? "fine" : "A is better" }

  /// A store with an example for each text, which collect asks about and judge compares.
  func store(in folder: TemporaryFolder, texts: [String]) throws -> String {
    let lines = texts.enumerated().map { number, text in
      let candidates: JSONValue =
        self == .collect
        ? []
        : [["model": "x", "text": .string(text)], ["model": "y", "text": .string("\(text) y")]]
      let example: JSONValue = [
        "id": .string("e/\(number)"), "instruction": .string(self == .collect ? text : "Say it."),
        "input": "", "output": "o", "candidates": candidates,
      ]
      return example.json()
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    let run = CommandRun("import", "--store", store, input)
    return run.status == 0 ? store : run.errorOutput
  }
}
