import Foundation
import JSON
import LoopbackServer
import ModelEndpoints
import Testing

private typealias Fault = FaultyModel.Fault

private let good = #"{"choices":[{"message":{"content":"fine"},"finish_reason":"stop"}]}"#

/// What goes away when the question is asked again; the third attempt is answered.
private let passing: [Fault] = [
  Fault(name: "429", steps: FaultyModel.always(.answer(429, text: "slow down"))),
  Fault(
    name: "429-after",
    steps: FaultyModel.always(.answer(429, headers: ["Retry-After: 0"], text: ""))),
  Fault(
    name: "429-after-ms",
    steps: FaultyModel.always(.answer(429, headers: ["retry-after-ms: 30"], text: ""))),
  Fault(
    name: "429-window",
    steps: FaultyModel.always(
      .answer(
        429,
        headers: [
          "x-ratelimit-limit-requests: 60", "x-ratelimit-remaining-requests: 0",
          "x-ratelimit-reset-requests: 60ms",
        ], text: #"{"error":{"message":"Rate limit reached"}}"#))),
  Fault(name: "500", steps: FaultyModel.always(.answer(500, text: "oops"))),
  Fault(
    name: "502",
    steps: FaultyModel.always(
      .answer(502, headers: ["Content-Type: text/html"], text: "<html>nginx</html>"))),
  Fault(
    name: "503", steps: FaultyModel.always(.answer(503, headers: ["Retry-After: 0"], text: ""))),
  Fault(
    name: "529", steps: FaultyModel.always(.answer(529, text: #"{"error":{"type":"overloaded"}}"#))),
  Fault(name: "408", steps: FaultyModel.always(.answer(408, text: ""))),
  Fault(name: "reset", steps: FaultyModel.always(.reset)),
  Fault(name: "close", steps: FaultyModel.always(.close)),
  Fault(name: "stall", steps: FaultyModel.always(.stall)),
  Fault(
    name: "cut", steps: FaultyModel.always(.answer(200, good.utf8, announcedLength: 900), .close)),
  Fault(
    name: "chunks",
    steps: FaultyModel.always(
      .send(Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n".utf8)), .close)
  ),
  Fault(
    name: "drip",
    steps: FaultyModel.always(
      .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".utf8)),
      .drip(Array(repeating: 0x20, count: 1000), milliseconds: 20))),
  Fault(name: "no-http", steps: FaultyModel.always(.send(Array("SSH-2.0-x\r\n".utf8)), .close)),
  Fault(
    name: "gateway",
    steps: FaultyModel.always(.answer(text: #"{"error":{"code":503,"message":"busy"}}"#))),
].map { fault in
  var fault = fault
  fault.attempts = 2
  fault.asked = 3
  return fault
}

/// Ten megabytes.
private let large = FaultyModel.answer(String(repeating: "0123456789", count: 1 << 20))

/// What stays as it is however often it is asked.
private let lasting: [Fault] = [
  Fault(
    name: "html",
    steps: FaultyModel.always(
      .answer(headers: ["Content-Type: text/html"], text: "<html>Sign in</html>")),
    state: "malformed"),
  Fault(
    name: "half-json", steps: FaultyModel.always(.answer(text: #"{"choices":[{"mess"#)),
    state: "malformed"),
  Fault(name: "nothing", steps: FaultyModel.always(.answer(text: "")), state: "malformed"),
  Fault(name: "array", steps: FaultyModel.always(.answer(text: "[]")), state: "malformed"),
  Fault(
    name: "no-choice", steps: FaultyModel.always(.answer(text: #"{"choices":[]}"#)),
    state: "malformed"),
  Fault(
    name: "utf8",
    steps: FaultyModel.always(
      .answer(200, Array(good.utf8).map { $0 == UInt8(ascii: "f") ? 0xFF : $0 })),
    state: "malformed"),
  Fault(
    name: "nul-byte",
    steps: FaultyModel.always(
      .answer(200, Array(good.utf8).map { $0 == UInt8(ascii: "f") ? 0 : $0 })),
    state: "malformed"),
  Fault(
    name: "deep", steps: FaultyModel.always(.answer(text: String(repeating: "[", count: 100_000))),
    state: "malformed"),
  Fault(name: "null", steps: { _ in FaultyModel.answer("", content: "null") }, state: "empty"),
  Fault(name: "blank", steps: { _ in FaultyModel.answer(" \n\t ") }, state: "empty"),
  Fault(
    name: "length", steps: { _ in FaultyModel.answer("fi", finish: "length") }, state: "truncated"),
  Fault(
    name: "refusal",
    steps: { _ in FaultyModel.answer("", content: "null", more: #","refusal":"I cannot."# + "\"") },
    state: "refused"),
  Fault(
    name: "filter", steps: { _ in FaultyModel.answer("fi", finish: "content_filter") },
    state: "refused"),
  Fault(name: "nul", steps: { _ in FaultyModel.answer("", content: #""a\u0000b""#) }),
  Fault(
    name: "large", steps: { _ in large }),
  Fault(name: "400", steps: FaultyModel.always(.answer(400, text: "too long")), state: "failed"),
  Fault(name: "404", steps: FaultyModel.always(.answer(404, text: "{}")), state: "failed"),
  Fault(
    name: "307",
    steps: FaultyModel.always(.answer(307, headers: ["Location: http://127.0.0.1:1/"], text: "")),
    state: "failed"),
  Fault(name: "500", steps: FaultyModel.always(.answer(500, text: "")), state: "failed", asked: 5),
  Fault(name: "429", steps: FaultyModel.always(.answer(429, text: "")), state: "failed", asked: 20),
  Fault(name: "reset", steps: FaultyModel.always(.reset), state: "failed", asked: 5),
  Fault(name: "stall", steps: FaultyModel.always(.stall), state: "failed", asked: 5),
  Fault(
    name: "cut", steps: FaultyModel.always(.answer(200, good.utf8, announcedLength: 900), .close),
    state: "failed", asked: 5),
]

/// Servers that misbehave, asked through the verbs.
@Suite struct FaultTests {
  @Test(arguments: Asking.allCases) func whatPassesIsAskedAgain(_ asking: Asking) throws {
    let folder = try TemporaryFolder()
    let model = FaultyModel(passing, reply: asking.reply)
    let texts = passing.flatMap { fault in (0..<3).map { "fault:\(fault.name); \($0)" } }
    let store = try asking.store(in: folder, texts: texts)
    let words = [
      asking.rawValue, "--store", store, "--config", try model.configuration(in: folder), "--json",
    ]
    let run = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
    #expect(run.status == 0, "\(run.errorOutput)")
    #expect(run.errorOutput == "")
    let questions = texts.count * asking.questions
    let summary = try JSONValue(json: run.output)
    #expect(summary["asked"]?.int == questions)
    #expect(summary["answered"]?.int == questions)
    let known = try StoreContents(store).fates()
    for fault in passing {
      let fates = known[fault.name] ?? []
      #expect(fates.count == 3 * asking.questions, "\(fault.name)")
      #expect(fates.allSatisfy { $0.state == "answered" }, "\(fault.name): \(fates)")
      let isRepeatedByLibcurl = ["reset", "close"].contains(fault.name)
      #expect(
        fates.allSatisfy { $0.attempts == 3 || (isRepeatedByLibcurl && $0.attempts < 3) },
        "\(fault.name): \(fates)")
    }
    #expect(try StoreContents(store).count("requests WHERE state = 'answered'") == questions)
    #expect(try StoreContents(store).isSound)
    let sent = model.requestCount
    let again = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
    #expect(try JSONValue(json: again.output)["asked"] == 0)
    #expect(model.requestCount == sent)
  }

  @Test(arguments: Asking.allCases) func whatLastsIsStoredWithItsState(_ asking: Asking) throws {
    let folder = try TemporaryFolder()
    let model = FaultyModel(lasting, reply: asking.reply)
    let texts = lasting.map { "fault:\($0.name);" } + ["nothing wrong"]
    let store = try asking.store(in: folder, texts: texts)
    let words = [
      asking.rawValue, "--store", store, "--config", try model.configuration(in: folder), "--json",
    ]
    let run = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
    #expect(run.status == 69)
    let failed = lasting.count { $0.state == "failed" } * asking.questions
    let questions = texts.count * asking.questions
    #expect(run.errorOutput.contains("Error: \(failed) of \(questions) questions got no answer"))
    #expect(run.errorOutput.contains("To ask for the rest: mixinstruct \(asking.rawValue) --store"))
    #expect(try StoreContents(store).isSound)
    let known = try StoreContents(store).fates()
    for fault in lasting {
      #expect(
        known[fault.name]
          == Array(
            repeating: .init(state: fault.state, attempts: fault.asked), count: asking.questions),
        "\(fault.name): \(known[fault.name] ?? [])")
    }
    #expect(try JSONValue(json: run.output)["asked"]?.int == questions)
    if asking == .collect {
      // A text that was cut or filtered is a candidate; what has no text is none.
      #expect(try StoreContents(store).count("candidates") == 5)
      #expect(
        try StoreContents(store).count("candidates WHERE length(text) >= 10485760") == 1)
      #expect(
        try StoreContents(store).count("candidates WHERE hex(text) = '610062'") == 1)
    } else {
      #expect(try StoreContents(store).count("verdicts") == questions - failed)
      #expect(try StoreContents(store).count("verdicts WHERE verdict IS NOT NULL") == 2)
    }
    // A run on a server that has recovered asks only what failed.
    model.recover()
    let second = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
    #expect(second.status == 0, "\(second.errorOutput)")
    #expect(model.questionCount == failed)
    #expect(try JSONValue(json: second.output)["answered"]?.int == failed)
    // What is stored stays so until it is asked for again by its state.
    model.recover()
    let third = CommandRun(
      words + ["--retry", "malformed,empty,truncated,refused"],
      retryPolicy: FaultyModel.quickRetries)
    #expect(third.status == 0)
    let settled = lasting.count { !["failed", "answered"].contains($0.state) } * asking.questions
    #expect(model.questionCount == settled)
    #expect(try StoreContents(store).count("requests") == questions)
    #expect(try StoreContents(store).count("requests WHERE state = 'answered'") == questions)
    if asking == .collect {
      #expect(try StoreContents(store).count("candidates") == questions)
    } else {
      #expect(try StoreContents(store).count("verdicts") == questions)
      // The two whose answers are long or hold a NUL say something, though no verdict.
      let unparsed = "verdicts WHERE verdict IS NULL"
      #expect(try StoreContents(store).count(unparsed) == 4)
      model.recover()
      let fourth = CommandRun(words + ["--retry-unparsed"])
      #expect(fourth.status == 0)
      #expect(model.questionCount == 4)
      #expect(try StoreContents(store).count(unparsed) == 0)
    }
    #expect(try StoreContents(store).isSound)
  }

  @Test func malformedAnswersAreOneClearLine() throws {
    let folder = try TemporaryFolder()
    let model = FaultyModel(lasting, reply: "fine")
    let texts = (0..<50).map { "fault:html; \($0)" }
    let store = try Asking.collect.store(in: folder, texts: texts)
    let run = CommandRun(
      "collect", "--store", store, "--config", try model.configuration(in: folder))
    #expect(run.status == 65)
    #expect(
      run.errorOutput.contains(
        "Error: 50 of 50 answers are not what a model server sends; last m: got text/html instead of"
          + " application/json: Sign in; '--retry malformed' asks again\n"), "\(run.errorOutput)")
    // Not a line for each.
    #expect(run.errorOutput.split(separator: "\n").count < 30)
  }

  @Test(arguments: Asking.allCases) func aServerThatGoesAwayIsGivenUp(_ asking: Asking) throws {
    let folder = try TemporaryFolder()
    let fault = Fault(
      name: "slow",
      steps: { _ in
        [.pause(milliseconds: 5)] + FaultyModel.answer(asking.reply)
      })
    let model = FaultyModel([fault], reply: asking.reply)
    let store = try asking.store(in: folder, texts: (0..<400).map { "fault:slow; \($0)" })
    let words = [
      asking.rawValue, "--store", store, "--config",
      try model.configuration(in: folder, concurrency: 4),
    ]
    callWhen({ model.questionCount >= 20 }) { model.stop() }
    let run = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
    #expect(run.status == 69)
    #expect(run.errorOutput.contains("Error: endpoint e: cannot be reached"), "\(run.errorOutput)")
    #expect(run.errorOutput.contains("To ask for the rest: mixinstruct \(asking.rawValue)"))
    let answered = try StoreContents(store).count("requests WHERE state = 'answered'")
    #expect(answered > 0 && answered < 400 * asking.questions)
    #expect(try StoreContents(store).isSound)
    model.restart()
    model.recover()
    #expect(CommandRun(words).status == 0)
    #expect(model.questionCount == 400 * asking.questions - answered)
    #expect(
      try StoreContents(store).count("requests WHERE state = 'answered'")
        == 400 * asking.questions)
  }

  @Test(arguments: Asking.allCases) func aServerThatComesBackIsAskedOn(_ asking: Asking) throws {
    let folder = try TemporaryFolder()
    let fault = Fault(
      name: "slow",
      steps: { _ in
        [.pause(milliseconds: 5)] + FaultyModel.answer(asking.reply)
      })
    let model = FaultyModel([fault], reply: asking.reply)
    let store = try asking.store(in: folder, texts: (0..<200).map { "fault:slow; \($0)" })
    callWhen({ model.questionCount >= 20 }) {
      model.stop()
      callLater(milliseconds: 300) { model.restart() }
    }
    var policy = FaultyModel.quickRetries
    policy.maximumDelay = 0.2
    policy.unreachableSeconds = 5
    policy.maximumAttempts = 10
    let run = CommandRun(
      [
        asking.rawValue, "--store", store, "--config",
        try model.configuration(in: folder, concurrency: 4),
      ], retryPolicy: policy)
    #expect(run.status == 0, "\(run.errorOutput)")
    #expect(
      try StoreContents(store).count("requests WHERE state = 'answered'")
        == 200 * asking.questions)
  }

  /// Connections come about but nothing useful comes over them: no use to go through all questions.
  @Test(arguments: ["stall", "500", "reset", "cut"])
  func aServerThatAlwaysFailsIsGivenUp(_ name: String) throws {
    let folder = try TemporaryFolder()
    let model = FaultyModel(lasting, reply: "fine")
    let texts = (0..<300).map { "fault:\(name); \($0)" }
    let store = try Asking.collect.store(in: folder, texts: texts)
    let words = [
      "collect", "--store", store, "--config",
      try model.configuration(in: folder, concurrency: 16, firstByte: 0.2),
    ]
    let run = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
    #expect(run.status == 69)
    #expect(
      run.errorOutput.contains("Error: endpoint e: 20 questions in a row failed at every attempt"),
      "\(run.errorOutput)")
    #expect(model.requestCount < 300)
    model.recover()
    #expect(CommandRun(words).status == 0)
    #expect(model.questionCount == 300)
  }
}
