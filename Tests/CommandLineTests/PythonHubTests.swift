import Foundation
import JSON
import LoopbackHub
import LoopbackServer
import Testing

@testable import mixinstruct

/// Runs Python with huggingface_hub, when a variable names one: `HUGGINGFACE_HUB_PYTHON`.
private enum Python {
  static let path = ProcessInfo.processInfo.environment["HUGGINGFACE_HUB_PYTHON"]

  /// Runs a script and returns what it printed, read as JSON.
  static func run(_ script: String, _ environment: [String: String]) throws -> JSONValue {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(filePath: path ?? "")
    process.arguments = ["-c", script]
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try JSONValue(json: String(decoding: data, as: UTF8.self))
  }
}

/// The cache is one that Python shares: what one has downloaded, the other finds.
@Suite(
  .enabled(
    if: Python.path != nil && ChildProcess.isBuilt,
    "HUGGINGFACE_HUB_PYTHON names no Python with huggingface_hub"))
struct PythonHubTests {
  private static let commit = LoopbackHub.commit
  private static let model = LoopbackHub.Model(
    "owner/model",
    [
      .init("config.json", #"{"model_type": "bert"}"#), .init("1_Pooling/config.json", "{}"),
      .init("vocab.txt", "a\nb\n"),
      .init("pytorch_model.bin", Array(repeating: 7, count: 70_000), isLarge: true),
    ])

  private let folder: TemporaryFolder
  private let hub: LoopbackHub
  private let environment: [String: String]

  init() throws {
    folder = try TemporaryFolder()
    hub = LoopbackHub([Self.model], listing: .tree(pageSize: 1000))
    environment = [
      "HF_ENDPOINT": hub.url, "HF_HOME": folder.path("home"), "HF_HUB_DISABLE_TELEMETRY": "1",
      "HF_HUB_DISABLE_UPDATE_CHECK": "1", "NO_PROXY": "*",
    ]
  }

  private func models(_ words: String...) throws -> ChildProcess.Ending {
    try ChildProcess.run(["models"] + words, environment: environment)
  }

  private static let scan = """
    import json
    from huggingface_hub import scan_cache_dir
    def scanned():
      cache = scan_cache_dir()
      return {"warnings": [str(w) for w in cache.warnings], "size": cache.size_on_disk,
        "incomplete": len(cache.incomplete_files),
        "repos": [{"id": r.repo_id, "type": r.repo_type, "files": r.nb_files,
          "revisions": [{"commit": v.commit_hash, "refs": sorted(v.refs), "size": v.size_on_disk}
            for v in r.revisions]} for r in cache.repos]}

    """

  @Test func pythonFindsWhatWasPulled() throws {
    let pulled = try models("pull", "owner/model")
    #expect(pulled.status == 0, "\(pulled.errorOutput)")
    hub.forgetRequests()
    let found = try Python.run(
      Self.scan + """
        from huggingface_hub import hf_hub_download, snapshot_download, try_to_load_from_cache
        print(json.dumps({"snapshot": snapshot_download("owner/model", local_files_only=True),
          "file": open(hf_hub_download("owner/model", "1_Pooling/config.json",
            local_files_only=True)).read(),
          "cached": try_to_load_from_cache("owner/model", "vocab.txt") is not None,
          **scanned()}))
        """, environment)
    #expect(found["snapshot"]?.string.map { $0 + "\n" } == pulled.output)
    #expect(found["file"] == "{}")
    #expect(found["cached"] == true)
    #expect(found["warnings"] == [])
    #expect(found["incomplete"] == 0)
    let size = JSONValue.integer(70_000 + 22 + 2 + 4)
    #expect(found["size"] == size)
    #expect(
      found["repos"] == [
        [
          "id": "owner/model", "type": "model", "files": 4,
          "revisions": [["commit": .string(Self.commit), "refs": ["main"], "size": size]],
        ]
      ])
    #expect(hub.requests == [])
    // And downloads nothing when it may.
    _ = try Python.run(
      """
      import json
      from huggingface_hub import snapshot_download
      print(json.dumps(snapshot_download("owner/model")))
      """, environment)
    #expect(hub.contentRequests == [])
  }

  @Test func whatPythonDownloadedIsFound() throws {
    let folder = try Python.run(
      """
      import json
      from huggingface_hub import snapshot_download
      print(json.dumps(snapshot_download("owner/model")))
      """, environment)
    let list = try JSONValue(json: models("list", "--json").output)
    let revision = list["models"]?.array?.first?["revisions"]?.array?.first
    #expect(revision?["path"] == folder)
    #expect(revision?["files"] == 4)
    #expect(revision?["references"] == ["main"])
    let verified = try models("verify", "owner/model")
    #expect(verified.status == 0, "\(verified.output)")
    #expect(verified.errorOutput.contains("4 files, 70.0 kB hashed, 0 errors, 0 warnings"))
    hub.forgetRequests()
    let pulled = try models("pull", "owner/model")
    #expect(pulled.errorOutput.contains("all was there"), "\(pulled.errorOutput)")
    #expect(hub.contentRequests == [])
    // What is removed here is gone for Python, which sees no damage.
    #expect(try models("rm", "owner/model", "--yes").status == 0)
    let left = try Python.run(Self.scan + "print(json.dumps(scanned()))", environment)
    #expect(left["repos"] == [])
    #expect(left["warnings"] == [])
  }

  @Test func aDownloadThatWasStoppedIsNoDamageForPython() throws {
    let blobs = folder.path("home/hub/models--owner--model/blobs")
    hub.intercept { [weak hub] request in
      guard request.isAtCDN, let steps = hub?.honestAnswer(request) else { return nil }
      return steps.flatMap { step -> [FaultServer.Step] in
        guard case .send(let bytes) = step, bytes.count > 1000 else { return [step] }
        return [.send(Array(bytes.prefix(1000))), .stall]
      }
    }
    let child = try ChildProcess(["models", "pull", "owner/model"], environment: environment)
    #expect(
      child.waits {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: blobs)) ?? []
        return names.count == 4 && names.count { $0.hasSuffix(".incomplete") } == 1
      })
    child.send(SIGKILL)
    _ = try child.end()
    hub.intercept(nil)
    let seen = try Python.run(Self.scan + "print(json.dumps(scanned()))", environment)
    #expect(seen["warnings"] == [])
    #expect(seen["incomplete"] == 1)
    #expect(seen["repos"]?.array?.first?["revisions"]?.array?.first?["refs"] == [])
    let pulled = try models("pull", "owner/model")
    #expect(pulled.status == 0)
    let after = try Python.run(Self.scan + "print(json.dumps(scanned()))", environment)
    #expect(after["incomplete"] == 0)
    #expect(after["repos"]?.array?.first?["revisions"]?.array?.first?["refs"] == ["main"])
  }

  @Test func aDownloadOfPythonsIsWaitedFor() throws {
    let digits = try #require(Self.model.files[Self.commit]?.last?.digits)
    let lock = folder.path("home/hub/.locks/models--owner--model/\(digits).lock")
    let script = """
      import os, sys, time
      from huggingface_hub.utils._fixes import WeakFileLock
      os.makedirs(os.path.dirname("\(lock)"))
      with WeakFileLock("\(lock)"):
        open("\(folder.path("held"))", "w").close()
        time.sleep(2)
      """
    let process = Process()
    process.executableURL = URL(filePath: Python.path ?? "")
    process.arguments = ["-c", script]
    try process.run()
    let held = folder.path("held")
    while process.isRunning && !FileManager.default.fileExists(atPath: held) { usleep(10_000) }
    let pulled = try models("pull", "owner/model")
    #expect(pulled.status == 0)
    #expect(
      pulled.errorOutput.contains("waiting for another process that downloads pytorch_model.bin"))
    process.waitUntilExit()
  }
}
