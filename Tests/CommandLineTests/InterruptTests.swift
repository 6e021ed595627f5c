import Foundation
import JSON
import LoopbackServer
import ProcessSignals
import SQLite
import Testing

/// Ctrl-C and termination: what was finished is kept, and the message says how to go on.
@Suite(.enabled(if: ChildProcess.isBuilt))
struct InterruptTests {
  /// A signal and the status that it makes a program end with.
  struct Stop: Sendable, CustomTestStringConvertible {
    let signal: Int32
    let status: Int32
    let testDescription: String

    static let all = [
      Stop(signal: SIGINT, status: 130, testDescription: "SIGINT"),
      Stop(signal: SIGTERM, status: 143, testDescription: "SIGTERM"),
    ]
  }

  /// Sends a signal when something has come about, and returns how the program ended.
  private func stop(
    _ child: ChildProcess, with stop: Stop = Stop.all[0], when isTrue: () throws -> Bool
  ) throws -> ChildProcess.Ending {
    #expect(try child.waits(until: isTrue))
    child.send(stop.signal)
    return try child.end(within: 30)
  }

  private static func example(_ number: Int) -> String {
    #"{"id":"e/\#(number)","instruction":"Say \#(number).","input":"","output":"a b \#(number)","candidates":[{"model":"m","text":"a \#(number)"},{"model":"n","text":"b \#(number)"}]}"#
  }

  private static func source(_ number: Int) -> String {
    #"{"instruction":"Name item \#(number) of the \#(number % 97) lists.","input":"","output":"Item \#(number) is \#(number * 7919 % 10007), and its \#(number % 97) neighbours are as they were before."}"#
  }

  private static func store(in folder: TemporaryFolder, examples: Int) throws -> String {
    let input = try folder.write(
      (0..<examples).map(example).joined(separator: "\n"), to: "examples.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    return store
  }

  /// The status of the last run as the store has it.
  private func lastRun(_ store: String) throws -> String? {
    try Connection(path: store, access: .readOnly).text(
      "SELECT status FROM runs ORDER BY run_id DESC LIMIT 1")
  }

  @Test(arguments: Stop.all, ["import", "ingest"])
  func aReadingIsContinued(_ signal: Stop, _ verb: String) throws {
    let folder = try TemporaryFolder()
    let count = 20_000
    let lines = (0..<count).map(verb == "import" ? Self.example : Self.source)
    let input = try folder.write(lines.joined(separator: "\n"), to: "in file.jsonl")
    let store = folder.path("a.db")
    let words = [verb, "--store", store, input]
    let table = verb == "import" ? "examples" : "source_records"
    let run = try stop(try ChildProcess(words), with: signal) {
      ((try? StoreContents(store).count(table)) ?? 0) > 0
    }
    #expect(run.status == signal.status)
    #expect(
      run.errorOutput.contains(
        "stopped; what was finished is kept. To go on: mixinstruct \(verb) --store \(store) '\(input)'\n"
      ),
      "\(run.errorOutput)")
    let kept = try StoreContents(store).count(table)
    #expect(kept > 0 && kept < count)
    #expect(try lastRun(store) == "interrupted")
    let again = CommandRun(words + ["--json"])
    #expect(again.status == 0)
    #expect(try JSONValue(json: again.output)["kept"]?.int == count - kept)
    #expect(try JSONValue(json: again.output)["already there"]?.int == kept)
    #expect(try StoreContents(store).count("(SELECT DISTINCT id FROM \(table))") == count)
    #expect(try StoreContents(store).count(table) == count)
  }

  @Test(arguments: [["import", "-"], ["import", "--strict", "FILE"], ["import", "PIPE"]])
  func whatIsStoredWholeIsNotStored(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let lines = (0..<8000).map(Self.example).joined(separator: "\n")
    let input = try folder.write(lines, to: "in.jsonl")
    let name = folder.path("pipe")
    #expect(unsafe mkfifo(name, 0o600) == 0)
    let pipe = Pipe()
    let command = words.map { $0 == "FILE" ? input : $0 == "PIPE" ? name : $0 }
    let child = try ChildProcess(
      command + ["--store", store], input: pipe.fileHandleForReading)
    if words.last == "-" {
      try pipe.fileHandleForWriting.write(contentsOf: Data(Self.example(0).utf8))
    }
    let run = try stop(child) { (try? lastRun(store)) == "running" }
    #expect(run.status == 130)
    #expect(run.errorOutput.contains("stopped: "), "\(run.errorOutput)")
    #expect(run.errorOutput.contains("To go on: mixinstruct import"), "\(run.errorOutput)")
    #expect(try StoreContents(store).count("examples") == 0)
    #expect(try lastRun(store) == "interrupted")
    try pipe.fileHandleForWriting.close()
    #expect(CommandRun("import", "--store", store, input).status == 0)
    #expect(try StoreContents(store).count("examples") == 8000)
  }

  @Test(arguments: Stop.all) func aMixLeavesTheDatasetAsItWas(_ signal: Stop) throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(
      (0..<6000).map(Self.source).joined(separator: "\n"), to: "sources.jsonl")
    let store = folder.path("a.db")
    #expect(
      CommandRun("ingest", "--store", store, "--format", "alpaca", "--source", "alpaca-gpt4", input)
        .status == 0)
    let words = ["mix", "--store", store, "--train", "300", "--dev", "10", "--test", "10"]
    let run = try stop(try ChildProcess(words), with: signal) { try lastRun(store) == "running" }
    #expect(run.status == signal.status)
    #expect(
      run.errorOutput.contains(
        "stopped; the dataset is as it was before. To go on: mixinstruct mix"),
      "\(run.errorOutput)")
    #expect(try StoreContents(store).count("examples") == 0)
    #expect(try StoreContents(store).count("mixes") == 0)
    #expect(CommandRun(words).status == 0)
    #expect(try StoreContents(store).count("examples") == 320)
  }

  @Test(arguments: Stop.all, Asking.allCases)
  func answersOnTheirWayAreKept(_ signal: Stop, _ asking: Asking) throws {
    let folder = try TemporaryFolder()
    let fault = FaultyModel.Fault(
      name: "slow",
      steps: { _ in
        [.pause(milliseconds: 20)] + FaultyModel.answer(asking.reply)
      })
    let model = FaultyModel([fault], reply: asking.reply)
    let count = 300
    let store = try asking.store(in: folder, texts: (0..<count).map { "fault:slow; \($0)" })
    let words = [
      asking.rawValue, "--store", store, "--config", try model.configuration(in: folder),
    ]
    let run = try stop(try ChildProcess(words), with: signal) {
      try StoreContents(store).count("requests") >= 20
    }
    #expect(run.status == signal.status)
    #expect(
      run.errorOutput.contains(
        "stopped; what was finished is kept. To go on: mixinstruct \(asking.rawValue) --store"),
      "\(run.errorOutput)")
    let kept = try StoreContents(store).count("requests WHERE state = 'answered'")
    #expect(kept >= 20 && kept < count * asking.questions)
    // No answer was paid for and then thrown away.
    #expect(model.requestCount == kept)
    #expect(try lastRun(store) == "interrupted")
    #expect(CommandRun(words).status == 0)
    #expect(model.requestCount == count * asking.questions)
    #expect(try StoreContents(store).count("requests") == count * asking.questions)
  }

  /// No use to wait for a time that the server wishes, or for a server that says nothing.
  @Test(arguments: [("later", 3.0), ("stall", 9.0)])
  func aStopDoesNotWaitForTheServer(_ name: String, _ seconds: Double) throws {
    let folder = try TemporaryFolder()
    let faults = [
      FaultyModel.Fault(
        name: "later",
        steps: FaultyModel.always(.answer(429, headers: ["Retry-After: 600"], text: ""))),
      FaultyModel.Fault(name: "stall", steps: FaultyModel.always(.stall)),
    ]
    let model = FaultyModel(faults, reply: "fine")
    let store = try Asking.collect.store(in: folder, texts: (0..<50).map { "fault:\(name); \($0)" })
    let child = try ChildProcess([
      "collect", "--store", store, "--endpoint", model.url, "--model", "m",
    ])
    #expect(child.waits { model.requestCount >= 8 })
    let start = ContinuousClock.now
    let run = try stop(child) { true }
    #expect((ContinuousClock.now - start) / .seconds(1) < seconds)
    #expect(run.status == 130)
    #expect(run.errorOutput.contains("To go on: mixinstruct collect"), "\(run.errorOutput)")
    #expect(try lastRun(store) == "interrupted")
    // What was not answered is asked another time.
    model.recover()
    #expect(
      CommandRun("collect", "--store", store, "--endpoint", model.url, "--model", "m").status == 0)
    #expect(try StoreContents(store).count("candidates") == 50)
  }

  @Test(arguments: Stop.all) func aSecondSignalEndsAtOnce(_ signal: Stop) throws {
    let folder = try TemporaryFolder()
    let model = FaultyModel(
      [FaultyModel.Fault(name: "stall", steps: FaultyModel.always(.stall))], reply: "fine")
    let store = try Asking.collect.store(in: folder, texts: (0..<5).map { "fault:stall; \($0)" })
    let words = ["collect", "--store", store, "--endpoint", model.url, "--model", "m"]
    let child = try ChildProcess(words)
    #expect(child.waits { model.requestCount >= 5 })
    child.send(signal.signal)
    usleep(300_000)
    #expect(child.isRunning)
    let start = ContinuousClock.now
    child.send(signal.signal)
    let run = try child.end()
    #expect((ContinuousClock.now - start) / .seconds(1) < 1)
    #expect(run.status == signal.status)
    #expect(try StoreContents(store).isSound)
    model.recover()
    #expect(CommandRun(words).status == 0)
    #expect(try StoreContents(store).count("candidates") == 5)
  }

  @Test(arguments: Stop.all) func aScoringIsContinued(_ signal: Stop) throws {
    let folder = try TemporaryFolder()
    let store = try Self.store(in: folder, examples: 6000)
    let words = ["score", "--store", store, "--metrics", "rougeL,chrf", "--json"]
    let run = try stop(try ChildProcess(words), with: signal) {
      try StoreContents(store).count("scores") > 0
    }
    #expect(run.status == signal.status)
    #expect(run.errorOutput.contains("To go on: mixinstruct score --store \(store)"))
    let kept = try StoreContents(store).count("scores")
    #expect(kept < 24_000)
    let again = CommandRun(words)
    #expect(try JSONValue(json: again.output)["scored"]?.int == 12_000 - kept / 2)
    #expect(try StoreContents(store).count("scores") == 24_000)
  }

  @Test func aFileIsWrittenWholeOrNotAtAll() throws {
    let folder = try TemporaryFolder()
    let store = try Self.store(in: folder, examples: 8000)
    for signal in Stop.all {
      for words in [["export"], ["export", "--format", "trl-prompt-completion"]] {
        try stopExport(words, with: signal, store, folder)
      }
    }
  }

  private func stopExport(
    _ words: [String], with signal: Stop, _ store: String, _ folder: TemporaryFolder
  ) throws {
    let output = try folder.write("old\n", to: "out.jsonl")
    let command = words + ["--store", store, "--output", output]
    let run = try stop(try ChildProcess(command), with: signal) {
      try folder.names.contains { $0.hasSuffix(".tmp") }
    }
    #expect(run.status == signal.status)
    #expect(
      run.errorOutput.contains(
        "stopped: \(output) is not written. To go on: mixinstruct export"), "\(run.errorOutput)")
    #expect(try folder.lines("out.jsonl") == ["old"])
    #expect(try folder.names.allSatisfy { !$0.hasSuffix(".tmp") })
    #expect(CommandRun(command).status == 0)
    #expect(try folder.lines("out.jsonl").count >= 8000)
  }

  @Test(arguments: ["metrics", "aggregate"]) func aFilterDoesNotWaitForItsInput(_ verb: String)
    throws
  {
    let folder = try TemporaryFolder()
    let output = folder.path("out.jsonl")
    let pipe = Pipe()
    let child = try ChildProcess([verb, "--output", output], input: pipe.fileHandleForReading)
    try pipe.fileHandleForWriting.write(contentsOf: Data((Self.example(0) + "\n").utf8))
    let run = try stop(child) { try !folder.names.isEmpty }
    #expect(run.status == 130)
    #expect(run.errorOutput.contains("stopped: standard input: not read to its end."))
    #expect(try folder.names == [])
    try pipe.fileHandleForWriting.close()
  }

  @Test func waitingForAnotherProcessCanBeStopped() throws {
    let folder = try TemporaryFolder()
    let store = try Self.store(in: folder, examples: 3)
    let pipe = Pipe()
    let holder = try ChildProcess(
      ["import", "--store", store, "-"], input: pipe.fileHandleForReading)
    #expect(try holder.waits { try lastRun(store) == "running" })
    let child = try ChildProcess(["score", "--store", store])
    let run = try stop(child) { child.errorOutput.contains("waiting for process") }
    #expect(run.status == 130)
    #expect(run.errorOutput.contains("To go on: mixinstruct score --store \(store)"))
    try pipe.fileHandleForWriting.close()
    _ = try holder.end()
  }

  /// In process, with a flag that is raised before: the verbs that only read end as well.
  @Test(arguments: [["stats"], ["evaluate"], ["validate"], ["aggregate"]])
  func readingVerbsStop(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let store = try Self.store(in: folder, examples: 300)
    let flag = InterruptFlag()
    flag.raise(signal: SIGTERM)
    let run = CommandRun(words + ["--store", store], interrupt: flag)
    #expect(run.status == 143)
    #expect(run.errorOutput.contains("stopped: "))
    #expect(run.errorOutput.contains("To go on: mixinstruct \(words[0])"))
  }
}
