import Foundation
import JSON
import LoopbackServer
import ProcessSignals
import Synchronization
import Testing

@testable import mixinstruct

/// `replay` at work in this process, until it is stopped.
private final class Replaying: Sendable {
  private let interrupt = InterruptFlag()
  private let text = Mutex("")
  private let ended = DispatchSemaphore(value: 0)

  init(_ words: [String]) {
    Thread.detachNewThread { [self] in
      var application = Application()
      application.output = { piece in self.text.withLock { $0 += piece } }
      application.errorOutput = { _ in }
      application.interrupt = interrupt
      #expect(application.run(["replay"] + words) == 0)
      ended.signal()
    }
  }

  /// What it says when it begins.
  func start() throws -> JSONValue {
    for _ in 0..<600 where !text.withLock({ $0.contains("\n") }) {
      Thread.sleep(forTimeInterval: 0.05)
    }
    return try JSONValue(json: text.withLock { $0 })
  }

  /// Stops it; gives what it says at its end.
  func end() throws -> JSONValue {
    interrupt.raise()
    ended.wait()
    return try JSONValue(json: String(text.withLock { $0 }.split(separator: "\n").last ?? ""))
  }
}

@Test func aReplayCountsWhatWasNotRecorded() throws {
  let folder = try TemporaryFolder()
  let server = FaultServer { _ in
    [.answer(text: #"{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}"#)]
  }
  let record = { (id: String) in
    #"{"id":"\#(id)","instruction":"\#(id)?","input":"","output":"o","candidates":[]}"#
  }
  let one = try folder.write(record("one"), to: "one.jsonl")
  let two = try folder.write(record("two"), to: "two.jsonl")
  let recording = folder.path("answers.jsonl")
  let first = folder.path("first.db")
  #expect(CommandRun("import", "--store", first, one).status == 0)
  #expect(
    CommandRun(
      "collect", "--store", first, "--endpoint", server.url, "--model", "m", "--record", recording
    ).status == 0)
  let second = folder.path("second.db")
  #expect(CommandRun("import", "--store", second, one, two).status == 0)
  let replay = Replaying(["--recording", recording, "--json"])
  let start = try replay.start()
  #expect(start["answers"] == 1 && start["models"] == ["m"])
  let run = CommandRun(
    "collect", "--store", second, "--endpoint", try #require(start["url"]?.string), "--model", "m",
    "--json")
  #expect(run.status == 69)
  #expect(run.errorOutput.contains("no answer was recorded for this request"))
  #expect(try JSONValue(json: run.output)["answered"] == 1)
  let end = try replay.end()
  #expect(end["answered"] == 1 && end["not recorded"] == 1)
}
