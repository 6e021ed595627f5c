import Foundation
import LoopbackServer
import SQLite
import Testing

private typealias Fault = FaultyModel.Fault

/// Keys that a server sends back: as they are, and as JSON may write them.
@Suite struct KeyTests {
  private static let key = "sk-test/0123456789+abcdef=="
  private static let variable = "MIXINSTRUCT_TEST_KEY"

  private static let escaped = key.unicodeScalars.map {
    "\\u00" + String($0.value, radix: 16, uppercase: true)
  }.joined()

  private static let forms: [(name: String, text: String)] = [
    ("plain", key), ("slash", key.replacing("/", with: "\\/")), ("unicode", escaped),
  ]

  private static let echoes: [Fault] = forms.flatMap { name, text in
    let long = String(repeating: "x", count: 190)
    return [
      Fault(
        name: "\(name)-200", steps: { _ in FaultyModel.answer("", content: "\"got \(text)\"") }),
      Fault(
        name: "\(name)-usage",
        steps: { _ in FaultyModel.answer("a", more: #","\#(text)":"\#(text)"# + "\"") }),
      Fault(
        name: "\(name)-500",
        steps: FaultyModel.always(.answer(500, text: #"{"error":{"message":"\#(text)"}}"#)),
        state: "failed"),
      Fault(
        name: "\(name)-400",
        steps: FaultyModel.always(.answer(400, text: #"{"error":"\#(long) \#(text)"}"#)),
        state: "failed"),
      Fault(
        name: "\(name)-html",
        steps: FaultyModel.always(
          .answer(headers: ["Content-Type: text/html"], text: "<html>\(long)\(text)</html>")),
        state: "malformed"),
      Fault(
        name: "\(name)-half", steps: FaultyModel.always(.answer(text: "{\"\(text)")),
        state: "malformed"),
      Fault(
        name: "\(name)-307",
        steps: FaultyModel.always(
          .answer(307, headers: ["Location: http://x/\(long)?key=\(text)"], text: text)),
        state: "failed"),
    ]
  }

  @Test(arguments: Asking.allCases) func aKeyIsNowhereToBeFound(_ asking: Asking) throws {
    unsafe setenv(Self.variable, Self.key, 1)
    let folder = try TemporaryFolder()
    let model = FaultyModel(Self.echoes, reply: asking.reply)
    let texts = Self.echoes.map { "fault:\($0.name);" }
    let store = try asking.store(in: folder, texts: texts)
    let recording = folder.path("recording.jsonl")
    let run = CommandRun(
      [
        asking.rawValue, "--store", store, "--config",
        try model.configuration(in: folder, key: Self.variable), "--record", recording,
      ], retryPolicy: FaultyModel.quickRetries)
    #expect(run.status == 69)
    let states = try StoreContents(store).fates().mapValues { $0.map(\.state) }
    for fault in Self.echoes {
      #expect(
        states[fault.name] == Array(repeating: fault.state, count: asking.questions),
        "\(fault.name)")
    }
    #expect(run.errorOutput.contains("[redacted]"))
    #expect(try folder.lines("recording.jsonl").count > 3)
    let export = CommandRun("export", "--store", store, "--output", folder.path("out.jsonl"))
    #expect(export.status == 0)
    try Connection(path: store, access: .readWrite).checkpoint()
    // Whole, in pieces where a line was cut, and as JSON writes it.
    let secrets = ["0123456789+", "sk-test", Self.key.replacing("/", with: "\\/"), Self.escaped]
    for name in try folder.names where name != "models.json" {
      let bytes = try Data(contentsOf: folder.url.appending(path: name))
      for secret in secrets {
        #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(name): \(secret)")
      }
    }
    for secret in secrets {
      #expect(!(run.errorOutput + run.output).contains(secret), "\(run.errorOutput)")
    }
  }

  @Test(arguments: [401, 403]) func aKeyIsNotInTheReasonForGivingUp(_ status: Int) throws {
    unsafe setenv(Self.variable, Self.key, 1)
    let folder = try TemporaryFolder()
    let fault = Fault(
      name: "refused",
      steps: FaultyModel.always(
        .answer(status, text: #"{"error":{"message":"wrong key \#(Self.escaped)"}}"#)))
    let model = FaultyModel([fault], reply: "fine")
    let store = try Asking.collect.store(in: folder, texts: ["fault:refused;"])
    let run = CommandRun([
      "collect", "--store", store, "--config",
      try model.configuration(in: folder, key: Self.variable),
    ])
    #expect(run.status == 69)
    #expect(run.errorOutput.contains("wrong key [redacted]"), "\(run.errorOutput)")
  }
}
