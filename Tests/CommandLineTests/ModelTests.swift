import Foundation
import JSON
import LoopbackServer
import Testing

/// A server that answers every chat request with the words of its last message, or with a verdict.
private func echoServer() -> FaultServer {
  FaultServer { request in
    let asked = try? JSONValue(json: String(decoding: request.body, as: UTF8.self))
    let text = asked?["messages"]?.array?.last?["content"]?.string ?? ""
    let reply = text.contains("B is better") ? "A is better" : "echo: \(text)"
    let body: JSONValue = [
      "choices": [
        ["message": ["role": "assistant", "content": .string(reply)], "finish_reason": "stop"]
      ],
      "usage": ["prompt_tokens": 3, "completion_tokens": 2],
    ]
    return [.answer(text: body.json())]
  }
}

private func store(in folder: TemporaryFolder) throws -> String {
  let lines = (1...5).map {
    #"{"id":"e/\#($0)","instruction":"Say \#($0).","input":"","output":"\#($0)","candidates":[]}"#
  }
  let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  return store
}

@Test func collectAsksOnlyWhatIsMissing() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = echoServer()
  let first = CommandRun(
    "collect", "--store", store, "--endpoint", server.url, "--model", "m", "--max-requests", "3",
    "--json")
  #expect(try JSONValue(json: first.output)["answered"] == 3)
  let rest = CommandRun(
    "collect", "--store", store, "--endpoint", server.url, "--model", "m", "--json")
  #expect(try JSONValue(json: rest.output)["answered"] == 2)
  #expect(server.requestCount == 5)
  let none = CommandRun(
    "collect", "--store", store, "--endpoint", server.url, "--model", "m", "--json")
  #expect(try JSONValue(json: none.output)["asked"] == 0)
  #expect(server.requestCount == 5)
}

@Test func aRecordingIsReplayedByAnEqualQuestion() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = echoServer()
  let recording = folder.path("answers.jsonl")
  let run = CommandRun(
    "collect", "--store", store, "--endpoint", server.url, "--model", "m", "--record", recording)
  #expect(run.status == 0)
  let lines = try folder.lines("answers.jsonl")
  #expect(lines.count == 5)
  #expect(try JSONValue(json: #require(lines.first))["request"]?["model"] == "m")
}

@Test func judgeShowsBothOrdersAndKeepsVerdicts() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let server = echoServer()
  for model in ["m", "n"] {
    #expect(
      CommandRun("collect", "--store", store, "--endpoint", server.url, "--model", model).status
        == 0)
  }
  let run = CommandRun(
    "judge", "--store", store, "--endpoint", server.url, "--model", "j", "--json")
  #expect(run.status == 0)
  let summary = try JSONValue(json: run.output)
  // Both models say the same, so the two orders of a pair are one question: the journal may answer
  // the second one.
  let fromJournal = summary["from the journal"]?.int ?? 0
  #expect((summary["answered"]?.int ?? 0) + fromJournal == 10)
  #expect(summary["unparsable"] == 0)
  let again = CommandRun(
    "judge", "--store", store, "--endpoint", server.url, "--model", "j", "--json")
  #expect(try JSONValue(json: again.output)["asked"] == 0)
  // The judge always prefers what is shown first, which the report must show.
  let report = CommandRun("evaluate", "--store", store, "--format", "json")
  #expect(report.status == 0)
  let judge = try JSONValue(json: report.output)["judges"]?.array?.first
  #expect(judge != nil)
}

@Test func aServerThatIsNotThereIsUnavailable() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let run = CommandRun(
    "collect", "--store", store, "--endpoint", "http://127.0.0.1:1", "--model", "m")
  #expect(run.status == 69)
  #expect(run.errorOutput.contains("cannot be reached"))
}
