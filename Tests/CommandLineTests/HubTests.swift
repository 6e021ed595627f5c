import Checkpoints
import CommandLineParsing
import Foundation
import JSON
import LoopbackHub
import LoopbackServer
import Tensors
import Testing

@testable import mixinstruct

/// A hub, a cache of the test's own, and the program that is told of both.
private final class HubUser {
  let hub: LoopbackHub
  let folder: TemporaryFolder
  let token = "hf_NobodyMayReadThis"

  init(_ models: [LoopbackHub.Model], interceptor: LoopbackHub.Interceptor? = nil) throws {
    hub = LoopbackHub(models, interceptor: interceptor)
    folder = try TemporaryFolder()
  }

  var environment: [String: String] {
    ["HF_ENDPOINT": hub.url, "HF_HOME": folder.path("home"), "HF_TOKEN": token]
  }

  func start(
    _ words: [String], launcher: [String] = [], more: [String: String] = [:]
  ) throws -> ChildProcess {
    try ChildProcess(
      ["models"] + words, launcher: launcher, environment: environment.merging(more) { $1 })
  }

  func run(
    _ words: String..., launcher: [String] = [], more: [String: String] = [:]
  ) throws -> ChildProcess.Ending {
    let end = try start(words, launcher: launcher, more: more).end()
    // Whatever happens, nobody reads the token.
    #expect(!end.output.contains(token) && !end.errorOutput.contains(token))
    return end
  }

  func path(_ name: String) -> String { folder.path("home/hub/\(name)") }

  func contents(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path(name)).map { Array($0) }
  }
}

private let commit = LoopbackHub.commit
private let snapshot = "models--owner--model/snapshots/\(commit)"

private func bytes(_ count: Int) -> [UInt8] {
  var state: UInt32 = 12345
  return (0..<count).map { _ in
    state = state &* 1_664_525 &+ 1_013_904_223
    return UInt8(truncatingIfNeeded: state >> 24)
  }
}

/// A model that all verbs can use: one matrix, and settings that describe it.
private func tinyModel() throws -> LoopbackHub.Model {
  let folder = try TemporaryFolder()
  let path = folder.path("model.safetensors")
  try SafetensorsWriter.write([("layer.weight", Tensor(shape: [8, 16]))], to: path)
  let weights = [UInt8](try Data(contentsOf: URL(filePath: path)))
  return .init(
    "owner/model",
    [
      .init("config.json", #"{"architectures": ["BertModel"], "model_type": "bert"}"#),
      .init("tokenizer.json", #"{"model": {"type": "WordPiece"}}"#),
      .init("tokenizer_config.json", #"{"model_max_length": 512}"#),
      .init("model.safetensors", weights, isLarge: true),
      .init("tf_model.h5", bytes(100), isLarge: true),
    ])
}

/// A model whose weights take the CDN a while: what is sent first, then nothing.
private func slowUser(sending count: Int, of weights: LoopbackHub.File) throws -> HubUser {
  try HubUser([.init("owner/model", [.init("config.json", "{}"), weights])]) { request in
    guard request.isAtCDN, request.fields["range"] == nil else { return nil }
    let head = "HTTP/1.1 200 OK\r\nContent-Length: \(weights.content.count)\r\n\r\n"
    return [.send(Array(head.utf8)), .send(Array(weights.content[..<count])), .stall]
  }
}

@Suite(.enabled(if: ChildProcess.isBuilt))
struct HubTests {
  @Test func aModelIsPulledListedDescribedCheckedAndRemoved() throws {
    let user = try HubUser([try tinyModel()])
    let files = try #require(tinyModel().files[commit])
    let size = files.dropLast().reduce(0) { $0 + $1.content.count }
    let pulled = try user.run("pull", "owner/model")
    #expect(pulled.status == 0, "\(pulled.errorOutput)")
    #expect(pulled.output == user.path(snapshot) + "\n")
    #expect(pulled.errorOutput.hasPrefix("models pull: 4 files, \(size) B; \(size) B downloaded"))
    let again = try user.run("pull", "owner/model")
    #expect(again.errorOutput == "models pull: 4 files, \(size) B; all was there\n")

    let list = try user.run("list")
    let row = try #require(list.output.split(separator: "\n").last)
    #expect(
      row.split(separator: " ").prefix(6)
        == ["owner/model", "main", "0123456789ab", "4", "\(size)", "B"])
    #expect(list.errorOutput == "1 models, \(size) B in \(user.folder.path("home/hub"))\n")

    let info = try user.run("info", "owner/model")
    #expect(info.output.contains("Architecture    BertModel (bert)\n"))
    #expect(info.output.contains("Parameters      128 in 1 tensors, F32\n"))
    #expect(
      info.output.contains("Weights in memory float32 512 B, bfloat16 256 B, int8 192 B\n"),
      "\(info.output)")
    #expect(info.output.contains("Tokenizer       WordPiece (tokenizer.json)\n"))
    #expect(info.output.contains("Longest input   512 tokens\n"))
    // A folder is described as the model in it is.
    #expect(try user.run("info", user.path(snapshot)).output == info.output)

    let verified = try user.run("verify", "owner/model")
    #expect(verified.status == 0 && verified.output == "")
    #expect(
      verified.errorOutput
        == "models verify: 4 files, \(size) B hashed, 0 errors, 0 warnings\n")

    let removed = try user.run("rm", "owner/model", "--yes")
    #expect(removed.status == 0)
    #expect(
      removed.errorOutput
        == "owner/model: 1 revisions, \(size) B to be freed\nmodels rm: \(size) B freed\n")
    #expect(!FileManager.default.fileExists(atPath: user.path("models--owner--model")))
    let missing = try user.run("info", "owner/model")
    #expect(missing.status == 66)
    #expect(missing.errorOutput.contains("run: mixinstruct models pull owner/model\n"))
  }

  /// Where a verb takes a model's folder, it takes the name of a pulled model.
  @Test func aPulledModelIsUsedByItsName() throws {
    let fixture = repository.appending(path: "Tests/MixingTests/Fixtures/llama/tokenizer")
    let names = try FileManager.default.contentsOfDirectory(atPath: fixture.path)
    let files = try names.map { name in
      LoopbackHub.File(name, [UInt8](try Data(contentsOf: fixture.appending(path: name))))
    }
    let user = try HubUser([.init("owner/tokens", files)])
    let input = try user.folder.write(#"{"text": "Two words"}"# + "\n", to: "in.jsonl")
    func tokenize(_ model: String) throws -> ChildProcess.Ending {
      try ChildProcess.run(
        ["tokenize", "--model", model, "--input", input], environment: user.environment)
    }
    let missing = try tokenize("owner/tokens")
    #expect(missing.status == 66)
    #expect(missing.errorOutput.contains("run: mixinstruct models pull owner/tokens\n"))
    let pulled = try user.run("pull", "owner/tokens")
    #expect(pulled.status == 0)
    // Without weights it is a model all the same, which is said.
    #expect(pulled.errorOutput.contains("warning: owner/tokens has no weights"))
    let expected = try tokenize(fixture.path)
    #expect(expected.status == 0 && expected.output.hasPrefix(#"{"ids":["#))
    for name in ["owner/tokens", "owner/tokens@main", "owner/tokens@\(commit)"] {
      #expect(try tokenize(name).output == expected.output, "\(name)")
    }
  }

  @Test func allOfItIsThereForMachines() throws {
    let user = try HubUser([try tinyModel()])
    let pulled = try JSONValue(
      json: user.run("pull", "owner/model@main", "--json", "--exclude", "token*").output)
    #expect(pulled["commit"]?.string == commit)
    #expect(pulled["path"]?.string == user.path(snapshot))
    #expect(pulled["files"] == 2)
    let list = try JSONValue(json: user.run("list", "--json").output)
    let model = try #require(list["models"]?.array?.first)
    #expect(model["model"] == "owner/model")
    #expect(model["revisions"]?.array?.first?["references"] == ["main"])
    #expect(model["revisions"]?.array?.first?["missing_files"] == 0)
    #expect(model["bytes"] == list["bytes"])
    let info = try JSONValue(json: user.run("info", "owner/model", "--json").output)
    #expect(info["parameters"] == 128)
    #expect(info["parameters_by_type"]?["F32"] == 128)
    #expect(info["weights_bytes"]?["int8"] == 192)
    #expect(info["tokenizer"]?.isNull == true)
    let path = try #require(
      user.hub.requests.isEmpty ? nil : user.path("models--owner--model/blobs"))
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.count == 40 {
      try Data("[]".utf8).write(to: URL(filePath: "\(path)/\(name)"))
    }
    let verified = try user.run("verify", "owner/model", "--json", "--repair")
    #expect(verified.status == 65)
    let findings = try JSONValue(json: verified.output)
    #expect(findings["sound"] == false)
    #expect(findings["findings"]?.array?.first?["kind"] == "wrong-hash")
    #expect(findings["removed"]?.array?.count == 1)
    let repaired = try JSONValue(json: user.run("pull", "owner/model", "--json").output)
    #expect(repaired["files"] == 4)
    #expect(try user.run("verify", "owner/model").status == 0)
    let removed = try JSONValue(
      json: user.run("rm", "owner/model", "--yes", "--json").output)
    #expect(removed["commits"] == [.string(commit)])
  }

  @Test(arguments: [
    (["pull", "not a name"], 64, "'not a name' is no model's name: expected OWNER/NAME."),
    (["pull", "owner/model@v1", "--revision", "v2"], 64, "Name the revision once"),
    (["pull", "owner/model", "--revision", "../x"], 64, "is no revision"),
    (["pull", "owner/other"], 66, "has no model 'owner/other'"),
    (["pull", "owner/model", "--revision", "v9"], 66, "has no revision 'v9'"),
    (["pull", "owner/model", "--include", "*.gguf"], 64, "none of the 5 files"),
    (["rm", "owner/model", "--yes"], 66, "no such model in"),
    (["verify", "owner/model"], 66, "no such model in"),
    (["info", "./nowhere"], 66, "./nowhere: no such folder"),
  ]) func mistakesAreOneClearLine(_ words: [String], _ status: Int32, _ message: String) throws {
    let user = try HubUser([try tinyModel()])
    let end = try user.start(words).end()
    #expect(end.status == status, "\(end.errorOutput)")
    #expect(end.errorOutput.contains(message), "\(end.errorOutput)")
    #expect(end.output == "")
  }

  @Test func withoutAHubOrOfflineTheReasonIsSaid() throws {
    let user = try HubUser([try tinyModel()])
    let nobody = try user.run("pull", "owner/model", more: ["HF_ENDPOINT": "http://127.0.0.1:1"])
    #expect(nobody.status == 69)
    #expect(nobody.errorOutput.contains("cannot be reached: connection refused"))
    let offline = try user.run("pull", "owner/model", more: ["HF_HUB_OFFLINE": "1"])
    #expect(offline.status == 69)
    #expect(offline.errorOutput.contains("HF_HUB_OFFLINE says not to download"))
    let wrong = try user.run("pull", "owner/model", more: ["HF_ENDPOINT": "hub"])
    #expect(wrong.status == 64)
    #expect(user.hub.requests == [])
    #expect(try user.run("pull", "owner/model").status == 0)
    let cached = try user.run("pull", "owner/model", more: ["HF_HUB_OFFLINE": "1"])
    #expect(cached.status == 0)
    #expect(cached.output == user.path(snapshot) + "\n")
  }

  @Test(arguments: [SIGINT, SIGTERM]) func aStopKeepsWhatIsThereAndSaysHowToGoOn(
    _ signal: Int32
  ) throws {
    let weights = LoopbackHub.File("model.safetensors", bytes(3_000_000), isLarge: true)
    let user = try slowUser(sending: 1_200_000, of: weights)
    let incomplete = user.path("models--owner--model/blobs/\(weights.digits).incomplete")
    let child = try user.start(["pull", "owner/model"])
    #expect(
      child.waits {
        let size = try? FileManager.default.attributesOfItem(atPath: incomplete)[.size] as? Int
        return size == 1_200_000
      })
    child.send(signal)
    let end = try child.end(within: 10)
    #expect(end.status == 128 + signal)
    #expect(
      end.errorOutput
        == "stopped: what was downloaded is kept. To go on: mixinstruct models pull owner/model\n")
    let list = try user.run("list")
    #expect(list.errorOutput.contains("owner/model: a download was not finished, 1.2 MB are there"))
    #expect(try user.run("info", "owner/model").status == 66)
    let again = try user.run("pull", "owner/model", "--json")
    #expect(again.status == 0)
    #expect(try JSONValue(json: again.output)["received_bytes"] == 1_800_000)
    #expect(user.contents("\(snapshot)/model.safetensors") == weights.content)
  }

  @Test func aPullThatIsKilledGoesOn() throws {
    let weights = LoopbackHub.File("model.safetensors", bytes(2_000_000), isLarge: true)
    let user = try HubUser([.init("owner/model", [.init("config.json", "{}"), weights])])
    user.hub.intercept { [weak hub = user.hub] request in
      guard request.isAtCDN, let steps = hub?.honestAnswer(request) else { return nil }
      // A slow line: pieces with pauses, so that kills meet all moments.
      return steps.flatMap { step -> [FaultServer.Step] in
        guard case .send(let bytes) = step else { return [step] }
        return stride(from: 0, to: bytes.count, by: 100_000).flatMap { start in
          [
            .send(Array(bytes[start..<min(start + 100_000, bytes.count)])),
            .pause(milliseconds: 15),
          ]
        }
      }
    }
    for milliseconds in [60, 120, 180, 150, 200] {
      let child = try user.start(["pull", "owner/model"])
      usleep(UInt32(milliseconds) * 1000)
      child.send(SIGKILL)
      _ = try child.end()
      // A name never leads to what is not whole.
      if let seen = user.contents("\(snapshot)/model.safetensors") {
        #expect(seen == weights.content)
      }
    }
    let end = try user.run("pull", "owner/model")
    #expect(end.status == 0, "\(end.errorOutput)")
    #expect(user.contents("\(snapshot)/model.safetensors") == weights.content)
    let verified = try JSONValue(json: user.run("verify", "owner/model", "--json").output)
    // Random bytes are no weights; nothing else is wrong.
    #expect(verified["findings"]?.array?.map { $0["kind"] } == ["malformed-weights"])
  }

  @Test func aSecondProcessWaitsForTheFirst() throws {
    let weights = LoopbackHub.File("model.safetensors", bytes(500_000), isLarge: true)
    let user = try HubUser([.init("owner/model", [.init("config.json", "{}"), weights])])
    user.hub.intercept { [weak hub = user.hub] request in
      request.isAtCDN ? [.pause(milliseconds: 1000)] + (hub?.honestAnswer(request) ?? []) : nil
    }
    let first = try user.start(["pull", "owner/model"])
    #expect(first.waits { user.hub.requests.contains(where: \.isAtCDN) })
    let second = try user.start(["pull", "owner/model"])
    let held = try user.run("rm", "owner/model", "--yes")
    #expect(held.status == 75)
    #expect(held.errorOutput.contains("another process is downloading owner/model"))
    let ends = [try first.end(), try second.end()]
    #expect(ends.map(\.status) == [0, 0], "\(ends.map(\.errorOutput))")
    #expect(
      ends[1].errorOutput.contains("waiting for another process that downloads model.safetensors…"))
    #expect(user.hub.requests.count(where: \.isAtCDN) == 1)
  }

  @Test func aLargeFileNeedsNoMemory() throws {
    let size = 160 << 20
    let piece = bytes(1 << 20)
    var content: [UInt8] = []
    for _ in 0..<160 { content += piece }
    let weights = LoopbackHub.File("model.safetensors", content, isLarge: true)
    let user = try HubUser([.init("owner/model", [weights])])
    let peaks = user.folder.path("peaks")
    let watch = """
      "$@" & p=$!
      while [ -e /proc/$p/exe ]; do grep VmHWM /proc/$p/status >> '\(peaks)' 2> /dev/null; sleep 0.01; done
      wait $p
      """
    let end = try user.run("pull", "owner/model", launcher: ChildProcess.shell(watch))
    #expect(end.status == 0, "\(end.errorOutput)")
    let kilobytes = try user.folder.lines("peaks").compactMap { line in
      line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
    }
    let peak = try #require(kilobytes.max())
    #expect(peak < 100_000, "\(peak) kB for a file of \(size / 1000) kB")
    let file = try FileManager.default.attributesOfItem(
      atPath: user.path("models--owner--model/blobs/\(weights.digits)"))
    #expect(file[.size] as? Int == size)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func onATerminalTheProgramAsks() throws {
    let user = try HubUser([try tinyModel()])
    #expect(try user.run("pull", "owner/model").status == 0)
    let refused = try user.run("rm", "owner/model")
    #expect(refused.status == 64)
    #expect(refused.errorOutput.contains("give '--yes' to remove owner/model"))
    for (answer, isThere) in [("n", true), ("", true), ("y", false)] {
      let terminal = ChildProcess.shell(
        #"printf '%s\n' '\#(answer)' | script -qec "$*" /dev/null"#)
      let end = try user.run("rm", "owner/model", launcher: terminal)
      #expect(end.status == 0)
      #expect(end.output.contains("Remove owner/model? [y/N]"), "\(end.output)")
      #expect(
        FileManager.default.fileExists(atPath: user.path("models--owner--model")) == isThere)
    }
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func theProgressBarHasRateAndTimeLeft() throws {
    let weights = LoopbackHub.File("model.safetensors", bytes(1_000_000), isLarge: true)
    let user = try HubUser([.init("owner/model", [weights])])
    user.hub.intercept { request in
      guard request.isAtCDN else { return nil }
      let head = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
      let pieces = stride(from: 0, to: 1_000_000, by: 100_000).flatMap { start in
        [
          FaultServer.Step.send(Array(weights.content[start..<(start + 100_000)])),
          .pause(milliseconds: 100),
        ]
      }
      return [.send(Array(head.utf8))] + pieces
    }
    let terminal = ChildProcess.shell(#"script -qec "stty cols 120; $*" /dev/null"#)
    let end = try user.run("pull", "owner/model", launcher: terminal, more: ["TERM": "xterm"])
    #expect(end.status == 0)
    #expect(end.output.contains("models pull  [####"), "\(end.output)")
    #expect(end.output.contains(" of 1.0 MB"))
    #expect(end.output.contains("B/s") && end.output.contains(" left"), "\(end.output)")
    #expect(end.output.contains("0/1 files"))
  }
}
