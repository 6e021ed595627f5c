import Foundation
import JSON
import Testing

private let record =
  #"{"id":"a","instruction":"Say a.","input":"","output":"a","candidates":[{"model":"m","text":"b"}]}"#

private func store(in folder: TemporaryFolder, count: Int = 1) throws -> String {
  let lines = (0..<count).map { record.replacing(#""id":"a""#, with: #""id":"\#($0)""#) }
  let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  return store
}

/// Standard streams that are full, closed, or lose their reader.
@Suite(.enabled(if: ChildProcess.isBuilt))
struct StreamTests {
  @Test(arguments: [
    ["stats"], ["evaluate"], ["validate", "--json"], ["export"], ["explain", "--json"],
    ["export", "--output", "/dev/full"],
  ]) func aFullOutputIsAnError(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let command = words + ["--store", try store(in: folder)]
    let run = try ChildProcess.run(command, launcher: ChildProcess.shell(#""$@" > /dev/full"#))
    #expect(run.status == 74)
    #expect(run.errorOutput.split(separator: "\n").count == 1, "\(run.errorOutput)")
    #expect(run.errorOutput.contains("the disk is full"), "\(run.errorOutput)")
  }

  /// Replacing what stands there would destroy it: as root even /dev/null.
  @Test func aReportGoesIntoAPipeAndDoesNotReplaceIt() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let pipe = folder.path("pipe")
    #expect(unsafe mkfifo(pipe, 0o600) == 0)
    let line =
      #"cat '\#(pipe)' > '\#(folder.path("report"))' & "$@"; status=$?; wait; exit $status"#
    let run = try ChildProcess.run(
      ["evaluate", "--store", store, "--output", pipe], launcher: ChildProcess.shell(line))
    #expect(run.status == 0)
    #expect(try folder.lines("report").count > 3)
    var status = stat()
    let isThere = unsafe stat(pipe, &status) == 0
    #expect(isThere && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test(arguments: [
    ["evaluate", "--format", "json"], ["export"],
  ]) func aStoreIsNotOverwritten(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    for name in ["a.db", "link.jsonl"] {
      if name != "a.db" {
        try FileManager.default.createSymbolicLink(
          atPath: folder.path(name), withDestinationPath: store)
      }
      let run = CommandRun(words[0], "--store", store, "--output", folder.path(name))
      #expect(run.status == (words[0] == "export" && name == "a.db" ? 65 : 74))
      #expect(CommandRun("stats", "--store", store).status == 0)
    }
  }

  @Test(arguments: [["stats"], ["export"], ["metrics"]])
  func aReaderThatGoesAwayEndsTheProgramQuietly(_ words: [String]) throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder, count: 3000)
    let pairs = try folder.write(
      String(repeating: #"{"candidate":"a b","reference":"a"}"# + "\n", count: 20_000),
      to: "pairs.jsonl")
    let command =
      words[0] == "metrics" ? ["metrics", "--input", pairs] : words + ["--store", store]
    // The status of the program itself, through a file: the pipe's is that of `head`.
    let status = folder.path("status")
    let line = #"{ sleep 0.2; "$@"; echo $? > '\#(status)'; } | head -c 0"#
    let run = try ChildProcess.run(command, launcher: ChildProcess.shell(line))
    #expect(run.errorOutput == "")
    #expect(try folder.lines("status") == ["141"])
  }

  @Test func aClosedOutputIsAnError() throws {
    let folder = try TemporaryFolder()
    let command = ["stats", "--store", try store(in: folder)]
    let run = try ChildProcess.run(command, launcher: ChildProcess.shell(#""$@" >&-"#))
    #expect(run.status == 74)
    #expect(run.errorOutput.contains("standard output: cannot write"), "\(run.errorOutput)")
  }

  /// A file that is opened must not become the stream that is closed: messages would go into it.
  @Test func messagesDoNotGoIntoFilesWhenStandardErrorIsClosed() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let output = folder.path("out.jsonl")
    for line in [#""$@" 2>&-"#, #""$@" >&- 2>&-"#, #""$@" <&- >&- 2>&-"#] {
      let run = try ChildProcess.run(
        ["export", "--store", store, "--output", output], launcher: ChildProcess.shell(line))
      #expect(run.status == 0)
      #expect(try folder.lines("out.jsonl").map { try JSONValue(json: $0)["id"] } == ["0"])
      let broken = try folder.write("{\n" + record, to: "broken.jsonl")
      let second = try ChildProcess.run(
        ["import", "--store", folder.path("b.db"), broken], launcher: ChildProcess.shell(line))
      #expect(second.status == 0)
      #expect(try folder.lines("b.db.lock").count <= 1)
      #expect(CommandRun("validate", "--store", folder.path("b.db")).status == 0)
    }
  }
}
