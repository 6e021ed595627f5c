import Foundation
import JSON
import LoopbackServer
import Testing

/// `--max-requests` and `--max-usd`: never passed, whatever is in flight, and gone on from.
@Suite struct BudgetTests {
  /// Answers that take a while, so that many are in flight; some fail at their first attempt.
  private static func model(_ asking: Asking, tokens: Int = 90) -> FaultyModel {
    let answer = FaultServer.Step.answer(
      text: #"{"choices":[{"message":{"content":"\#(asking.reply)"},"finish_reason":"stop"}],"#
        + #""usage":{"prompt_tokens":20,"completion_tokens":\#(tokens)}}"#)
    return FaultyModel(
      [
        FaultyModel.Fault(name: "slow", steps: { _ in [.pause(milliseconds: 10), answer] }),
        FaultyModel.Fault(
          name: "500", steps: FaultyModel.always(.answer(500, text: "")), attempts: 1),
      ], reply: asking.reply)
  }

  private static func texts(_ count: Int, failing: Bool) -> [String] {
    (0..<count).map { "fault:\(failing && $0 % 3 == 0 ? "500" : "slow"); \($0)" }
  }

  @Test(arguments: Asking.allCases, [false, true])
  func requestsAreNeverMoreThanAllowed(_ asking: Asking, _ failing: Bool) throws {
    let folder = try TemporaryFolder()
    let model = Self.model(asking)
    let count = 60
    let questions = count * asking.questions
    let store = try asking.store(in: folder, texts: Self.texts(count, failing: failing))
    let words = [
      asking.rawValue, "--store", store, "--max-requests", "50", "--config",
      try model.configuration(in: folder, concurrency: 16),
    ]
    let run = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
    #expect(run.status == 0, "\(run.errorOutput)")
    #expect(model.requestCount == 50)
    #expect(
      run.errorOutput.contains(
        "stopped at --max-requests 50: 50 requests sent; run the same command again to go on"),
      "\(run.errorOutput)")
    var runs = 1
    while try StoreContents(store).count("requests WHERE state = 'answered'") < questions {
      let before = model.requestCount
      let next = CommandRun(words, retryPolicy: FaultyModel.quickRetries)
      #expect(next.status == 0)
      #expect(model.requestCount - before <= 50)
      runs += 1
      try #require(runs < 10)
    }
    // One that was sent and failed is asked anew; nothing that was answered is asked twice.
    if !failing { #expect(model.requestCount == questions) }
    let none = CommandRun(words + ["--json"])
    #expect(try JSONValue(json: none.output)["asked"] == 0)
    #expect(try JSONValue(json: none.output)["stopped_by"] == nil)
  }

  @Test func noRequestAtAllIsALimitToo() throws {
    let folder = try TemporaryFolder()
    let model = Self.model(.collect)
    let store = try Asking.collect.store(in: folder, texts: Self.texts(5, failing: false))
    let run = CommandRun(
      "collect", "--store", store, "--endpoint", model.url, "--model", "m", "--max-requests", "0",
      "--json")
    #expect(run.status == 0)
    #expect(try JSONValue(json: run.output)["stopped_by"] == "--max-requests 0")
    #expect(model.requestCount == 0)
  }

  /// A configuration whose model costs ten dollars for a million tokens of its answers.
  private static func priced(
    _ model: FaultyModel, in folder: TemporaryFolder, maximumTokens: Int?
  ) throws -> String {
    let parameters: JSONValue = maximumTokens.map { ["max_tokens": .integer(Int64($0))] } ?? [:]
    let catalog: JSONValue = [
      "endpoints": [["name": "e", "url": .string(model.url), "concurrency": 16]],
      "models": [
        [
          "name": "m", "endpoint": "e", "parameters": parameters,
          "price": ["input_per_million": 1, "output_per_million": 10],
        ]
      ],
    ]
    return try folder.write(catalog.json(), to: "priced.json")
  }

  @Test(arguments: Asking.allCases) func dollarsAreNeverMoreThanAllowed(_ asking: Asking) throws {
    let folder = try TemporaryFolder()
    let model = Self.model(asking, tokens: asking == .collect ? 90 : 4)
    let count = 100
    let questions = count * asking.questions
    let store = try asking.store(in: folder, texts: Self.texts(count, failing: false))
    let cost = (20 + 10 * (asking == .collect ? 90.0 : 4)) / 1e6
    // For some thirty answers, of which sixteen are in flight at a time.
    let limit = 33.5 * cost
    let words = [
      asking.rawValue, "--store", store, "--max-usd", "\(limit)", "--json", "--config",
      try Self.priced(model, in: folder, maximumTokens: 100),
    ]
    let run = CommandRun(words)
    #expect(run.status == 0, "\(run.errorOutput)")
    let summary = try JSONValue(json: run.output)
    let spent = try #require(summary["cost_usd"]?.number)
    #expect(spent <= limit)
    #expect(abs(spent - Double(model.requestCount) * cost) < 1e-9)
    #expect(summary["stopped_by"] == .string("--max-usd \(limit)"))
    // Near the limit it goes on one by one instead of giving up what could still be spent.
    if asking == .collect { #expect(model.requestCount >= 30) }
    var runs = 1
    while model.requestCount < questions {
      let before = model.requestCount
      #expect(CommandRun(words).status == 0)
      #expect(Double(model.requestCount - before) * cost <= limit)
      runs += 1
      try #require(runs < 40)
    }
    #expect(try StoreContents(store).count("requests WHERE state = 'answered'") == questions)
  }

  /// Without `max_tokens` nobody knows what an answer can cost; the first ones tell.
  @Test func answersOfAnyLengthAreCountedAsLongAsTheLongest() throws {
    let folder = try TemporaryFolder()
    let model = Self.model(.collect, tokens: 900)
    let store = try Asking.collect.store(in: folder, texts: Self.texts(100, failing: false))
    let cost = (20 + 10 * 900.0) / 1e6
    let run = CommandRun(
      "collect", "--store", store, "--max-usd", "\(40 * cost)", "--json", "--config",
      try Self.priced(model, in: folder, maximumTokens: nil))
    #expect(run.status == 0)
    #expect(model.requestCount <= 40 && model.requestCount > 20)
  }

  @Test func aLimitOnDollarsNeedsPrices() throws {
    let folder = try TemporaryFolder()
    let model = Self.model(.collect)
    let store = try Asking.collect.store(in: folder, texts: Self.texts(5, failing: false))
    let run = CommandRun(
      "collect", "--store", store, "--max-usd", "1", "--config",
      try model.configuration(in: folder))
    #expect(run.status == 64)
    #expect(run.errorOutput.contains("'--max-usd' needs the price of every model"))
    #expect(run.errorOutput.contains("there is none of m"))
    #expect(model.requestCount == 0)
  }
}
