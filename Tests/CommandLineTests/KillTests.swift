import Foundation
import JSON
import LoopbackServer
import SQLite
import Testing

/// The program as a process of its own, beside the test bundle.
private let program = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
  .appending(path: "mixinstruct")

/// Runs the program and kills it after some milliseconds; `nil` lets it end.
private func run(_ words: [String], killedAfter milliseconds: Int?) throws -> Int32 {
  let process = Process()
  process.executableURL = program
  process.arguments = words
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  if let milliseconds {
    usleep(UInt32(milliseconds) * 1000)
    kill(process.processIdentifier, SIGKILL)
  }
  process.waitUntilExit()
  return process.terminationStatus
}

private func isSound(_ path: String) throws -> Bool {
  try Connection(path: path, access: .readWrite).text("PRAGMA integrity_check") == "ok"
}

@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: program.path)))
struct KillTests {
  @Test func anImportThatIsKilledGoesOn() throws {
    let folder = try TemporaryFolder()
    let count = 12_000
    let lines = (0..<count).map {
      #"{"id":"e/\#($0)","instruction":"Say \#($0).","input":"","output":"\#($0)","candidates":[{"model":"m","text":"\#($0)","scores":{"bleu":1.5}}]}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    for milliseconds in [3, 10, 20, 35, 55, 80, 110, 150] {
      _ = try run(["import", "--store", store, input], killedAfter: milliseconds)
    }
    #expect(try run(["import", "--store", store, input], killedAfter: nil) == 0)
    #expect(try isSound(store))
    let out = folder.path("out.jsonl")
    #expect(try run(["export", "--store", store, "--output", out], killedAfter: nil) == 0)
    let read = try folder.lines("out.jsonl").map { try JSONValue(json: $0)["id"]?.string }
    #expect(read == (0..<count).map { "e/\($0)" })
  }

  @Test func aCollectionThatIsKilledAsksOnlyWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    let count = 400
    let lines = (0..<count).map {
      #"{"id":"e/\#($0)","instruction":"Say \#($0).","input":"","output":"\#($0)","candidates":[]}"#
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(try run(["import", "--store", store, input], killedAfter: nil) == 0)
    let server = FaultServer { request in
      let asked = try? JSONValue(json: String(decoding: request.body, as: UTF8.self))
      let text = asked?["messages"]?.array?.last?["content"]?.string ?? ""
      let body: JSONValue = [
        "choices": [
          [
            "message": ["role": "assistant", "content": .string("echo \(text)")],
            "finish_reason": "stop",
          ]
        ]
      ]
      return [.answer(text: body.json())]
    }
    let command = [
      "collect", "--store", store, "--endpoint", server.url, "--model", "m", "--concurrency", "4",
    ]
    for milliseconds in [5, 30, 60, 90, 120, 160] {
      _ = try run(command, killedAfter: milliseconds)
    }
    #expect(try run(command, killedAfter: nil) == 0)
    #expect(try isSound(store))
    let connection = try Connection(path: store, access: .readWrite)
    #expect(try connection.integer("SELECT count(*) FROM requests") == Int64(count))
    #expect(try connection.integer("SELECT count(*) FROM candidates") == Int64(count))
    #expect(
      try connection.integer(
        """
        SELECT count(*) FROM candidates c JOIN examples e USING (example_id)
        WHERE c.text = 'echo ' || e.instruction
        """) == Int64(count))
    // What was on its way, or not yet committed, when a process died was asked once more.
    #expect(server.requestCount <= count + 6 * (4 + 128))
  }
}
