import Foundation
import JSON
import LoopbackHub
import LoopbackServer
import SQLite
import Testing

private func records(_ range: Range<Int>) -> String {
  range.map {
    #"{"id":"e/\#($0)","instruction":"Say \#($0).","input":"","output":"\#($0)","candidates":[{"model":"m","text":"\#(String(repeating: "long ", count: 50))\#($0)"}]}"#
  }.joined(separator: "\n")
}

private func answer(_ text: String) -> [FaultServer.Step] {
  let body: JSONValue = [
    "choices": [["message": ["content": .string(text)], "finish_reason": "stop"]]
  ]
  return [.answer(text: body.json())]
}

/// A small disk of memory, unmounted with this object; making one needs root.
private final class SmallDisk {
  let path: String

  init?(in folder: TemporaryFolder, kilobytes: Int) throws {
    path = folder.path("disk")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    guard Self.run("mount", "-t", "tmpfs", "-o", "size=\(kilobytes)k", "tmpfs", path) else {
      return nil
    }
  }

  deinit { _ = Self.run("umount", "-l", path) }

  func remount(_ options: String) { #expect(Self.run("mount", "-o", "remount,\(options)", path)) }

  static func run(_ words: String...) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = words
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }

  /// Whether this process may mount one.
  static let isPossible: Bool = {
    guard geteuid() == 0, let folder = try? TemporaryFolder() else { return false }
    return (try? SmallDisk(in: folder, kilobytes: 64)) ?? nil != nil
  }()
}

/// Disks and files that take no more.
@Suite(.enabled(if: ChildProcess.isBuilt))
struct DiskTests {
  @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk needs root"))
  func aDownloadThatFillsTheDiskGoesOn() throws {
    let folder = try TemporaryFolder()
    let disk = try #require(try SmallDisk(in: folder, kilobytes: 4000))
    let weights = LoopbackHub.File(
      "model.safetensors", Array(repeating: 7, count: 2_000_000), isLarge: true)
    let large = LoopbackHub.File(
      "model.safetensors", Array(repeating: 7, count: 5_000_000), isLarge: true)
    let hub = LoopbackHub([.init("owner/model", [weights]), .init("owner/large", [large])])
    let environment = ["HF_ENDPOINT": hub.url, "HF_HOME": disk.path]
    let tooLarge = try ChildProcess.run(
      ["models", "pull", "owner/large"], environment: environment)
    #expect(tooLarge.status == 74)
    #expect(tooLarge.errorOutput.contains("bytes free: expected at least 5000000"))
    #expect(hub.contentRequests == [])
    // Somebody else fills the disk while the download is on its way.
    let filler = "\(disk.path)/filler"
    hub.intercept { request in
      if request.isAtCDN {
        _ = try? Data(count: 3_200_000).write(to: URL(filePath: filler))
      }
      return nil
    }
    let words = ["models", "pull", "owner/model"]
    let full = try ChildProcess.run(words, environment: environment)
    #expect(full.status == 74)
    #expect(full.errorOutput.contains("cannot write: No space left on device"))
    try FileManager.default.removeItem(atPath: filler)
    hub.intercept(nil)
    hub.forgetRequests()
    #expect(try ChildProcess.run(words, environment: environment).status == 0)
    let range = try #require(hub.contentRequests.first).fields["range"]
    #expect(range?.hasPrefix("bytes=") == true)
  }

  @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk needs root"))
  func aFullDiskLosesNothing() throws {
    let folder = try TemporaryFolder()
    let disk = try #require(try SmallDisk(in: folder, kilobytes: 3000))
    let store = disk.path + "/a.db"
    let first = try folder.write(records(0..<100), to: "first.jsonl")
    let rest = try folder.write(records(100..<9000), to: "rest.jsonl")
    #expect(CommandRun("import", "--store", store, first).status == 0)
    let full = CommandRun("import", "--store", store, rest)
    #expect(full.status == 74)
    #expect(full.errorOutput.split(separator: "\n").count == 1, "\(full.errorOutput)")
    #expect(full.errorOutput.contains("\(store): the disk is full"), "\(full.errorOutput)")
    // An output that does not fit leaves nothing under its name, or any other.
    let export = CommandRun("export", "--store", store, "--output", disk.path + "/out.jsonl")
    if export.status != 0 {
      #expect(export.status == 74)
      #expect(export.errorOutput.contains("the disk is full"))
      let names = try FileManager.default.contentsOfDirectory(atPath: disk.path)
      #expect(names.filter { $0.hasSuffix(".tmp") || $0.hasSuffix(".jsonl") } == [])
    }
    disk.remount("size=64m")
    #expect(try StoreContents(store).isSound)
    let again = CommandRun("import", "--store", store, rest)
    #expect(again.status == 0, "\(again.errorOutput)")
    let output = folder.path("out.jsonl")
    #expect(CommandRun("export", "--store", store, "--output", output).status == 0)
    let ids = try folder.lines("out.jsonl").map { try JSONValue(json: $0)["id"]?.string }
    #expect(ids == (0..<9000).map { "e/\($0)" })
  }

  /// A launcher that limits files to so many blocks of 512 bytes. Writing more sends a signal, which
  /// whoever runs the tests may have had ignored.
  private static func limited(to blocks: Int) -> [String] {
    ChildProcess.shell(#"ulimit -f \#(blocks); exec env --default-signal=XFSZ "$@""#)
  }

  /// The largest file that a process may write is limited without root; the error is another one.
  @Test(arguments: ["import", "export"])
  func aFileThatMayNotGrowIsAnError(_ verb: String) throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let input = try folder.write(records(0..<6000), to: "in.jsonl")
    let output = folder.path("out.jsonl")
    var words = ["import", "--store", store, input]
    if verb == "export" {
      #expect(CommandRun(words).status == 0)
      words = ["export", "--store", store, "--output", output]
    }
    let run = try ChildProcess.run(words, launcher: Self.limited(to: 1000))
    #expect(run.status == 74)
    #expect(run.errorOutput.split(separator: "\n").count == 1, "\(run.errorOutput)")
    #expect(run.errorOutput.contains(verb == "import" ? store : output))
    #expect(try folder.names.filter { $0.hasSuffix(".tmp") || $0 == "out.jsonl" } == [])
    #expect(try StoreContents(store).isSound)
    #expect(CommandRun("import", "--store", store, input).status == 0)
    #expect(CommandRun("export", "--store", store, "--output", output).status == 0)
    #expect(try folder.lines("out.jsonl").count == 6000)
  }

  @Test func aCollectionThatCannotBeStoredKeepsWhatItHas() throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let input = try folder.write(records(0..<200), to: "in.jsonl")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    let long = String(repeating: "answer ", count: 1500)
    let server = FaultServer { _ in answer(long) }
    defer { server.stop() }
    let words = ["collect", "--store", store, "--endpoint", server.url, "--model", "new"]
    let run = try ChildProcess.run(words, launcher: Self.limited(to: 2000))
    #expect(run.status == 74)
    #expect(run.errorOutput.contains("\(store): "))
    #expect(try StoreContents(store).isSound)
    let connection = try Connection(path: store, access: .readWrite)
    let kept = try connection.integer("SELECT count(*) FROM requests") ?? 0
    #expect(kept > 0 && kept < 200)
    #expect(try connection.integer("SELECT count(*) FROM candidates WHERE model = 'new'") == kept)
    let asked = server.requestCount
    #expect(CommandRun(words).status == 0)
    #expect(server.requestCount == asked + 200 - Int(kept))
  }

  @Test func aRecordingThatCannotBeWrittenLosesNoAnswer() throws {
    let folder = try TemporaryFolder()
    let store = folder.path("a.db")
    let input = try folder.write(records(0..<20), to: "in.jsonl")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    let server = FaultServer { _ in answer("yes") }
    defer { server.stop() }
    let words = ["collect", "--store", store, "--endpoint", server.url, "--model", "new"]
    let run = CommandRun(words + ["--record", "/dev/full"])
    #expect(run.status == 74)
    #expect(run.errorOutput.contains("/dev/full: the disk is full"))
    let asked = server.requestCount
    #expect(asked > 0)
    #expect(CommandRun(words).status == 0)
    // Every answer that came was kept although it could not be recorded.
    #expect(server.requestCount == 20)
  }

  @Test func aFolderThatIsReadOnlyCanBeRead() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(records(0..<20), to: "in.jsonl")
    let place = folder.url.appending(path: "read only?#%41").path
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let store = place + "/a.db"
    #expect(CommandRun("import", "--store", store, input).status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).count == 2)
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place)
    }
    // Permission bits do not bind root.
    let launcher =
      geteuid() == 0 ? ["/usr/bin/env", "setpriv", "--reuid=65534", "--clear-groups"] : []
    guard try ChildProcess.run(["--version"], launcher: launcher).status == 0 else { return }
    for words in [["stats"], ["export"], ["evaluate"], ["validate"]] {
      let run = try ChildProcess.run(words + ["--store", store], launcher: launcher)
      #expect(run.status == 0, "\(run.errorOutput)")
    }
    let run = try ChildProcess.run(["score", "--store", store], launcher: launcher)
    #expect(run.status == 74)
    #expect(run.errorOutput.contains("Permission denied"), "\(run.errorOutput)")
    let output = try ChildProcess.run(
      ["export", "--store", store, "--output", place + "/out.jsonl"], launcher: launcher)
    #expect(output.status == 74)
    #expect(output.errorOutput.contains("\(place)/out.jsonl: cannot create: Permission denied"))
  }

  @Test(.enabled(if: SmallDisk.isPossible, "mounting a small disk needs root"))
  func aDiskThatIsReadOnlyCanBeRead() throws {
    let folder = try TemporaryFolder()
    let disk = try #require(try SmallDisk(in: folder, kilobytes: 3000))
    let input = try folder.write(records(0..<20), to: "in.jsonl")
    let store = disk.path + "/a.db"
    #expect(CommandRun("import", "--store", store, input).status == 0)
    disk.remount("ro")
    #expect(CommandRun("stats", "--store", store).status == 0)
    let run = CommandRun("score", "--store", store)
    #expect(run.status == 74)
    #expect(run.errorOutput.contains("\(store).lock: cannot make this lock file"))
    #expect(run.errorOutput.contains("Read-only file system"))
  }

  @Test func aStoreThatIsReadOnlyCanBeReadButNotWritten() throws {
    let folder = try TemporaryFolder()
    let input = try folder.write(records(0..<20), to: "in.jsonl")
    let place = folder.path("open")
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    let store = place + "/a.db"
    #expect(CommandRun("import", "--store", store, input).status == 0)
    for (path, mode) in [(store, 0o444), (store + ".lock", 0o666), (place, 0o777)] {
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    let launcher =
      geteuid() == 0 ? ["/usr/bin/env", "setpriv", "--reuid=65534", "--clear-groups"] : []
    guard try ChildProcess.run(["--version"], launcher: launcher).status == 0 else { return }
    #expect(try ChildProcess.run(["stats", "--store", store], launcher: launcher).status == 0)
    let run = try ChildProcess.run(["score", "--store", store], launcher: launcher)
    #expect(run.status == 74)
    #expect(
      run.errorOutput
        == "Error: \(store): cannot write: the file or its folder is read-only\n")
  }
}
