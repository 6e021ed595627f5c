import Foundation
import JSON
import ModelEndpoints
import RandomNumbers
import SQLite
import Testing

private let lines = [
  #"{"id":"a","instruction":"I","input":"Q","output":"the cat","candidates":[{"model":"m","text":"a cat","scores":{"bleu":1.5}},{"model":"n","text":"é"}],"cmp_results":{"m,n":"A is better"}}"#,
  #"{"id":"b","instruction":"","input":"R","output":["x","y"],"candidates":[],"extra":{"k":[1,null]}}"#,
  #"{"id":"c","instruction":"J","input":"","output":"z","candidates":[{"model":"m","text":"\u0000"}]}"#,
]

/// Files as they come from other systems, editors, pipes and accidents.
@Suite struct OddInputTests {
  @Test(arguments: ["\n", "\r\n", "\n\n", " \r\n\t\n"], ["", "\u{FEFF}"])
  func lineEndsAndMarksDoNotMatter(_ end: String, _ mark: String) throws {
    let folder = try TemporaryFolder()
    let text = mark + lines.joined(separator: end) + (mark.isEmpty ? end : "")
    let input = try folder.write(text, to: "in.jsonl")
    let store = folder.path("a.db")
    let run = CommandRun("import", "--store", store, "--json", input)
    #expect(try JSONValue(json: run.output)["kept"] == 3)
    let output = folder.path("out.jsonl")
    #expect(CommandRun("export", "--store", store, "--output", output).status == 0)
    let read = try folder.lines("out.jsonl").map { try JSONValue(json: $0) }
    #expect(read == (try lines.map { try JSONValue(json: $0) }))
  }

  /// What can be read only once is stored whole or not at all, and known when it comes again.
  @Test(.enabled(if: ChildProcess.isBuilt), arguments: ["pipe", "/dev/stdin", "-"])
  func aPipeIsAnInput(_ name: String) throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let pipe = folder.path("pipe")
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let path = name == "pipe" ? pipe : name
    let line =
      name == "pipe" ? #"cat '\#(input)' > '\#(pipe)' & "$@""# : #"cat '\#(input)' | "$@""#
    for verb in ["import", "ingest"] {
      let store = folder.path(verb + ".db")
      let words =
        verb == "import"
        ? ["import", "--store", store, "--json", path]
        : [
          "ingest", "--store", store, "--json", "--format", "plain", "--source", "s", "--map",
          "id=id,instruction=instruction,input=input,output=id", path,
        ]
      for kept in [3, 0] {
        let run = try ChildProcess(words, launcher: ChildProcess.shell(line)).end(within: 20)
        #expect(run.status == 0, "\(run.errorOutput)")
        let summary = try JSONValue(json: run.output)
        #expect(summary["kept"]?.int == kept)
        #expect((summary["already there"]?.int ?? 0) == 3 - kept)
      }
    }
  }

  @Test func aPipeWithoutFormatIsRefused() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("pipe")
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let run = CommandRun("ingest", "--store", folder.path("a.db"), pipe)
    #expect(run.status == 64)
    #expect(run.errorOutput.contains("\(pipe) is read only once, so its format must be named"))
  }

  /// A record of a hundred million bytes, in a process of its own for the sake of memory.
  @Test(.enabled(if: ChildProcess.isBuilt)) func aRecordMayBeHuge() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("in.jsonl")
    var bytes = Data(#"{"id":"huge","instruction":"","input":"#.utf8)
    bytes.append(Data("\"".utf8) + Data(repeating: UInt8(ascii: "x"), count: 100_000_000))
    bytes.append(Data("\",\"output\":\"o\",\"candidates\":[]}\n\(lines[0])\n".utf8))
    try bytes.write(to: URL(filePath: path))
    let store = folder.path("a.db")
    let run = try ChildProcess.run(["import", "--store", store, path])
    #expect(run.status == 0, "\(run.errorOutput)")
    let output = folder.path("out.jsonl")
    #expect(try ChildProcess.run(["export", "--store", store, "--output", output]).status == 0)
    let written = try Data(contentsOf: URL(filePath: output))
    #expect(written == bytes)
  }

  @Test(arguments: [["export"], ["evaluate"]]) func outputsThatCannotBe(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    for (place, reason) in [
      (folder.url.path, "Is a directory"),
      (folder.path("none/x.json"), "No such file or directory"),
      (folder.path("in.jsonl/x.json"), "Not a directory"),
    ] {
      let run = CommandRun(words + ["--store", store, "--output", place])
      #expect(run.status == 74)
      #expect(run.errorOutput.hasPrefix("Error: \(place): cannot "), "\(run.errorOutput)")
      #expect(run.errorOutput.hasSuffix(": \(reason)\n"), "\(run.errorOutput)")
      #expect(try folder.names.filter { !$0.hasPrefix("a.db") } == ["in.jsonl"])
    }
    // What stands there is replaced as a whole.
    let old = try folder.write(String(repeating: "old", count: 100_000), to: "old.json")
    #expect(CommandRun(words + ["--store", store, "--output", old]).status == 0)
    #expect(throws: Never.self) {
      try JSONValue(json: String(contentsOfFile: old, encoding: .utf8))
    }
  }

  @Test(arguments: [
    ("folder", 74, "cannot open: Is a directory"), ("a.db", 64, "this is no recording"),
    ("text", 64, "this is no recording"), ("none/x", 74, "cannot open: No such file"),
  ]) func recordingsThatCannotBe(_ name: String, _ status: Int32, _ reason: String) throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    _ = try folder.write("some notes\n", to: "text")
    try FileManager.default.createDirectory(
      atPath: folder.path("folder"), withIntermediateDirectories: true)
    let run = CommandRun(
      "collect", "--store", store, "--endpoint", "http://127.0.0.1:1", "--model", "m", "--record",
      folder.path(name))
    #expect(run.status == status)
    #expect(
      run.errorOutput.contains("Error: \(folder.path(name)): \(reason)"), "\(run.errorOutput)")
    #expect(try folder.lines("text") == ["some notes"])
    #expect(try StoreContents(store).isSound)
  }

  @Test(arguments: [
    ["collect", "--config", "PATH"],
    ["judge", "--endpoint", "http://127.0.0.1:1", "--model", "m", "--prompt", "PATH"],
    ["mix", "--recipe", "PATH"], ["import", "PATH"], ["replay", "--recording", "PATH"],
  ]) func settingsThatCannotBe(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    let noise = (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ 27) }
    try Data(noise).write(to: folder.url.appending(path: "noise.x"))
    let store0 = words[0] == "replay" ? [] : ["--store", store]
    for (name, status) in [("", 66), ("none.x", 66), ("noise.x", nil as Int32?)] {
      let path = folder.url.path + "/" + name
      let run = CommandRun(words.map { $0 == "PATH" ? path : $0 } + store0)
      if let status { #expect(run.status == status, "\(run.errorOutput)") }
      // Noise is bad data or a wrong setting; of an import it is a record that is dropped.
      #expect([0, 64, 65, 66].contains(run.status))
      let controls = run.errorOutput.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" }
      #expect(controls.isEmpty)
      #expect(run.errorOutput.contains(path))
    }
  }

  /// Mutations of good files: whatever they are, nothing breaks, and what is kept can be exported.
  @Test(arguments: 1...8) func mutatedFilesBreakNothing(_ seed: Int) throws {
    var generator = SplitMix64(seed: UInt64(seed))
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let arrays = "[" + lines.joined(separator: ",\n") + "]"
    for round in 0..<12 {
      var bytes = Array((round % 2 == 0 ? lines.joined(separator: "\n") : arrays).utf8)
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: bytes[place...].prefix(40), at: place)
        case 3: bytes.removeLast(min(bytes.count - 1, place))
        default: bytes.insert(contentsOf: Array("{[\"\\\u{0}0e9,".utf8), at: place)
        }
      }
      let path = folder.path("\(round).json")
      try Data(bytes).write(to: URL(filePath: path))
      let commands = [
        ["import", "--store", store, path],
        ["ingest", "--store", store, "--format", "alpaca", path],
        ["metrics", "--input", path, "--output", folder.path("m.jsonl")],
        ["aggregate", "--input", path, "--output", folder.path("r.jsonl")],
      ]
      for command in commands {
        let run = CommandRun(command)
        #expect([0, 65].contains(run.status), "\(command): \(run.errorOutput)")
      }
    }
    #expect(try StoreContents(store).isSound)
    for words in [
      ["export", "--output", folder.path("all.jsonl")],
      ["export", "--format", "trl-implicit", "--output", folder.path("pairs.jsonl")], ["evaluate"],
      ["score"], ["stats"], ["explain"], ["aggregate"],
    ] {
      let run = CommandRun(words + ["--store", store])
      #expect(run.status == 0, "\(words): \(run.errorOutput)")
    }
    #expect([0, 65].contains(CommandRun("validate", "--store", store).status))
  }
}
