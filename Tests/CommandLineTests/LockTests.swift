import Foundation
import JSON
import LoopbackServer
import SQLite
import Synchronization
import Testing

private final class Counter: Sendable {
  let value = Atomic(0)
}

private func records(_ count: Int, from first: Int = 0) -> String {
  (first..<(first + count)).map {
    #"{"id":"e/\#($0)","instruction":"Say \#($0).","input":"","output":"\#($0)","candidates":[{"model":"m","text":"\#($0)","scores":{"bleu":1.5}},{"model":"n","text":"no"}],"cmp_results":{"m,n":"A is better"}}"#
  }.joined(separator: "\n")
}

/// Two programs at one store.
@Suite(.enabled(if: ChildProcess.isBuilt))
struct LockTests {
  /// An import that has begun to write and is held there by its pipe, until `finish` is called.
  private final class HeldImport {
    let child: ChildProcess
    private let pipe = Pipe()

    init(into store: String) throws {
      child = try ChildProcess(
        ["import", "--store", store, "-"], input: pipe.fileHandleForReading)
      try pipe.fileHandleForWriting.write(contentsOf: Data((records(50) + "\n").utf8))
      // The run is committed before the records are read.
      #expect(
        child.waits {
          guard let connection = try? Connection(path: store, access: .readOnly) else {
            return false
          }
          return (try? connection.integer("SELECT 1 FROM runs WHERE status = 'running'")) == 1
        })
    }

    func finish() throws {
      try pipe.fileHandleForWriting.close()
      #expect(try child.end().status == 0)
    }
  }

  @Test func aSecondWriterWaitsAndSaysForWhom() throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let second = try folder.write(records(50, from: 100), to: "second.jsonl")
    let first = try HeldImport(into: store)
    let waiting = try ChildProcess(["import", "--store", store, second])
    #expect(waiting.waits { waiting.errorOutput.contains("waiting for process ") })
    #expect(waiting.errorOutput.contains("(mixinstruct import), which holds \(store)…"))
    try first.finish()
    #expect(try waiting.end().status == 0)
    let stats = CommandRun("stats", "--store", store, "--json")
    #expect(try JSONValue(json: stats.output)["sources"]?.array?.first?["examples"] == 100)
  }

  @Test func aWriterThatDoesNotWaitSaysWhoHoldsTheStore() throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let first = try HeldImport(into: store)
    let second = CommandRun("score", "--store", store, "--wait", "0")
    #expect(second.status == 75)
    #expect(second.errorOutput.contains("(mixinstruct import) is writing to this store"))
    #expect(!second.errorOutput.contains("database is locked"))
    try first.finish()
  }

  @Test(arguments: [
    ["export"], ["export", "--format", "trl-implicit"], ["evaluate"], ["validate"], ["stats"],
    ["explain"],
  ]) func aReaderDoesNotWaitForAWriter(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let input = try folder.write(records(30, from: 1000), to: "first.jsonl")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    let before = try ChildProcess.run(words + ["--store", store])
    #expect(before.status == 0)
    let writer = try HeldImport(into: store)
    let during = try ChildProcess.run(words + ["--store", store])
    #expect(during.status == 0)
    // What is not committed is not seen.
    #expect(during.output == before.output)
    #expect(during.errorOutput == before.errorOutput)
    try writer.finish()
    let after = try ChildProcess.run(words + ["--store", store])
    let changes = after.output + after.errorOutput != before.output + before.errorOutput
    #expect(changes || words[0] == "explain")
  }

  /// Reads over and over while a collection writes; each time the records must fit together.
  @Test func readersDuringACollectionSeeAWholeState() throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let input = try folder.write(records(300), to: "in.jsonl")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    // On a busy machine a read takes as long as a whole collection without pauses.
    let reads = Counter()
    let server = FaultServer { _ in
      [
        .pause(milliseconds: reads.value.load(ordering: .relaxed) < 2 ? 50 : 1),
        .answer(
          text: #"{"choices":[{"message":{"content":"yes"},"finish_reason":"stop"}]}"#),
      ]
    }
    defer { server.stop() }
    let child = try ChildProcess([
      "collect", "--store", store, "--endpoint", server.url, "--model", "new", "--concurrency", "2",
    ])
    var collected = 0
    repeat {
      let output = folder.path("out.jsonl")
      #expect(CommandRun("export", "--store", store, "--output", output).status == 0)
      let counts = try folder.lines("out.jsonl").map {
        try JSONValue(json: $0)["candidates"]?.array?.count ?? 0
      }
      #expect(counts.count == 300)
      let now = counts.count { $0 == 3 }
      #expect(now >= collected && now == counts.reduce(0, +) - 600)
      collected = now
      // While it lasts, some examples miss the new model's answer.
      for verb in [["stats"], ["evaluate"], ["validate", "--allow", "warnings"]] {
        let run = CommandRun(verb + ["--store", store])
        #expect(run.status == 0, "\(run.errorOutput)")
      }
      reads.value.add(1, ordering: .relaxed)
    } while child.isRunning
    #expect(try child.end().status == 0)
    #expect(reads.value.load(ordering: .relaxed) > 1)
  }

  /// Scores are committed for 500 examples at a time, in order: an export of one state has them for
  /// a first part of its records.
  @Test func anExportIsOfOneState() throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let input = try folder.write(records(6000), to: "in.jsonl")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    let child = try ChildProcess(["score", "--store", store, "--metrics", "rougeL,chrf"])
    var states: Set<Int> = []
    repeat {
      let output = folder.path("out.jsonl")
      #expect(CommandRun("export", "--store", store, "--output", output).status == 0)
      let isScored = try folder.lines("out.jsonl").map { $0.contains("rougeL") }
      let scored = isScored.count { $0 }
      #expect(isScored.prefix(scored).allSatisfy { $0 } && scored % 500 == 0, "\(scored)")
      states.insert(scored)
    } while child.isRunning
    #expect(try child.end().status == 0)
    #expect(states.count > 1)
  }

  @Test(arguments: ["WAL", "DELETE"])
  func aForeignLockIsWaitedForAndNamed(_ mode: String) throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let input = try folder.write(records(3), to: "in.jsonl")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    let foreign = try Connection(path: store, access: .readWrite)
    #expect(try foreign.text("PRAGMA journal_mode = \(mode)") == mode.lowercased())
    try foreign.execute("BEGIN EXCLUSIVE")
    // In write-ahead-log mode readers go on; else they are locked out as well.
    for verb in mode == "WAL" ? ["score"] : ["score", "stats"] {
      let waiting = try ChildProcess(
        [verb, "--store", store] + (verb == "score" ? ["--wait", "2"] : []))
      #expect(waiting.waits { waiting.errorOutput.contains("waiting for ") })
      if verb == "score" {
        let run = try waiting.end()
        #expect(run.status == 75)
        #expect(run.errorOutput.contains("\(store): process \(getpid()) ("), "\(run.errorOutput)")
        #expect(run.errorOutput.contains("is writing to this store (waited 2 s)"))
        #expect(!run.errorOutput.contains("database is locked"))
      } else {
        try foreign.execute("ROLLBACK")
        #expect(try waiting.end().status == 0)
      }
    }
    if foreign.isInTransaction { try foreign.execute("ROLLBACK") }
    #expect(CommandRun("score", "--store", store).status == 0)
  }
}
