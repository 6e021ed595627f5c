import Foundation
import HTTPClient
import LoopbackHub
import LoopbackServer
import ModelHub
import Synchronization
import Testing

/// A cache of a test's own in a folder that is removed with this object.
final class TestCache {
  let folder = FileManager.default.temporaryDirectory.appending(path: "hub-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  var cache: ModelCache { ModelCache(folder: folder.path) }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  func contents(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path(name)).map { Array($0) }
  }

  func write(_ bytes: [UInt8], to name: String) throws {
    let url = folder.appending(path: name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func link(_ name: String) -> String? {
    try? FileManager.default.destinationOfSymbolicLink(atPath: path(name))
  }

  func exists(_ name: String) -> Bool {
    (try? FileManager.default.attributesOfItem(atPath: path(name))) != nil
  }

  /// Everything below a folder that is no folder.
  func names(below name: String = "") throws -> [String] {
    let root = name.isEmpty ? folder.path : path(name)
    return try FileManager.default.subpathsOfDirectory(atPath: root).filter { sub in
      var isFolder: ObjCBool = false
      let full = "\(root)/\(sub)"
      let isLink = (try? FileManager.default.destinationOfSymbolicLink(atPath: full)) != nil
      return unsafe isLink
        || (FileManager.default.fileExists(atPath: full, isDirectory: &isFolder)
          && !isFolder.boolValue)
    }.sorted()
  }

  /// The settings that ask a hub and keep here.
  func settings(
    _ hub: LoopbackHub, token: String? = nil, isOffline: Bool = false
  ) throws -> HubSettings {
    HubSettings(
      endpoint: try #require(HTTPAddress(hub.url)),
      token: token.flatMap { HubToken($0, source: "HF_TOKEN") }, cacheFolder: folder.path,
      isOffline: isOffline)
  }
}

/// Collects what a pull says, on whatever thread.
final class Notes: Sendable {
  private let state = Mutex<[String]>([])
  var all: [String] { state.withLock { $0 } }
  func add(_ note: String) { state.withLock { $0.append(note) } }
}

/// A policy without waits.
let impatient = {
  var policy = HubRetryPolicy()
  policy.firstDelay = 0.01
  policy.maximumDelay = 0.02
  return policy
}()

/// Pulls a model with an impatient policy.
@discardableResult
func pull(
  _ name: String = "owner/model", revision: String? = nil, from hub: LoopbackHub,
  into cache: TestCache, token: String? = nil, included: [String] = [], excluded: [String] = [],
  notes: Notes = Notes(), isCancelled: @escaping @Sendable () -> Bool = { false }
) throws -> ModelPull.Outcome {
  let model = try #require(ModelName(name))
  var pull = ModelPull(
    reference: ModelReference(name: model, revision: revision),
    selection: FileSelection(included: included, excluded: excluded))
  pull.policy = impatient
  return try pull.run(
    cache.settings(hub, token: token), note: { notes.add($0) }, isCancelled: isCancelled)
}

/// The error of something that must fail with a ``HubError``.
func hubError(_ body: () throws -> Void) -> HubError? {
  do {
    try body()
    return nil
  } catch {
    return error as? HubError
  }
}

/// Bytes that no compression and no guess makes shorter, the same in every run.
func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  var result: [UInt8] = []
  result.reserveCapacity(count)
  for _ in 0..<count {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    result.append(UInt8(truncatingIfNeeded: state))
  }
  return result
}

/// A small model: settings, tokenizer and weights in two formats.
let smallModel = LoopbackHub.Model(
  "owner/model",
  [
    .init(".gitattributes", "*.bin filter=lfs\n"),
    .init("README.md", "# A model\n"),
    .init("config.json", #"{"model_type": "bert"}"#),
    .init("tokenizer.json", "{}"),
    .init("empty.txt", ""),
    .init("model.safetensors", bytes(300_000), isLarge: true),
    .init("pytorch_model.bin", bytes(300_100), isLarge: true),
    .init("tf_model.h5", bytes(1000), isLarge: true),
    .init("onnx/model.onnx", bytes(1000), isLarge: true),
    .init("onnx/config.json", "{}"),
    .init("1_Pooling/config.json", #"{"pooling": "mean"}"#),
  ])
