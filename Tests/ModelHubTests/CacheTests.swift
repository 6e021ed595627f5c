import Foundation
import LoopbackHub
import ModelHub
import Testing

private let commits = ["a", "b"].map { String(repeating: $0, count: 40) }
private let shared = LoopbackHub.File("model.safetensors", bytes(5000), isLarge: true)

/// A model with two commits that have their weights in common, pulled into a cache.
private func cacheOfTwo() throws -> TestCache {
  var model = LoopbackHub.Model("owner/model", [])
  model.revisions = ["main": commits[1], "v1": commits[0]]
  model.files = [
    commits[0]: [.init("config.json", #"{"a": 1}"#), shared],
    commits[1]: [.init("config.json", #"{"a": 22}"#), shared],
  ]
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  try pull(revision: "v1", from: hub, into: cache)
  try pull(from: hub, into: cache)
  return cache
}

private func name(_ text: String = "owner/model") throws -> ModelName {
  try #require(ModelName(text))
}

@Test func theCacheIsListed() throws {
  let cache = try cacheOfTwo()
  try cache.write([1, 2, 3], to: "models--owner--model/blobs/\(shared.digits).incomplete")
  try cache.write([1], to: "models--owner--model/blobs/ffffffffffffffffffffffffffffffffffffffff")
  try cache.write(Array("c".utf8), to: "models--owner--model/refs/x")
  try cache.write(Array(String(repeating: "c", count: 40).utf8), to: "models--owner--model/refs/y")
  try cache.write([1], to: "datasets--owner--data/blobs/x")
  try cache.write([1], to: "version.txt")
  let models = try cache.cache.models()
  #expect(models.map(\.name.text) == ["owner/model"])
  let model = try #require(models.first)
  #expect(model.revisions.map(\.commit) == commits)
  #expect(model.revisions.map(\.references) == [["v1"], ["main"]])
  #expect(model.revisions.map(\.size) == [5008, 5009])
  #expect(model.revisions[0].files.map(\.path) == ["config.json", "model.safetensors"])
  #expect(model.revisions[0].files.allSatisfy { !$0.isBroken && $0.lastUsed > 1e9 })
  #expect(model.incomplete.map(\.size) == [3])
  #expect(model.unused.map(\.size) == [1])
  #expect(model.danglingReferences == ["y"])
  // The weights are there once.
  #expect(model.size == 5000 + 8 + 9 + 3 + 1)
}

@Test func aNameIsAFolderOrAPulledModel() throws {
  let cache = try cacheOfTwo()
  func resolve(_ text: String) throws -> String {
    String(try ModelFolder.resolve(text, in: cache.cache).suffix(40))
  }
  #expect(try ModelFolder.resolve(cache.folder.path, in: cache.cache) == cache.folder.path)
  #expect(try resolve("owner/model") == commits[1])
  #expect(try resolve("owner/model@v1") == commits[0])
  #expect(try resolve("owner/model@\(commits[0])") == commits[0])
  #expect(try resolve("owner/model@aaaaaaaa") == commits[0])
  func message(_ text: String) -> String {
    hubError { _ = try resolve(text) }.map { "\($0)" } ?? "no error"
  }
  #expect(
    message("owner/other")
      == "owner/other: no such folder, and no such model in \(cache.folder.path); "
      + "run: mixinstruct models pull owner/other")
  #expect(message("owner/model@v2").hasSuffix("models pull owner/model --revision v2"))
  #expect(message("./nowhere/at/all") == "./nowhere/at/all: no such folder, and no name of a model")
  #expect(message("owner/model@aaaa").contains("no such model"))
  // Without main, the one that has a name; never one that nothing names among several.
  try FileManager.default.removeItem(atPath: cache.path("models--owner--model/refs/main"))
  #expect(try resolve("owner/model") == commits[0])
  try FileManager.default.removeItem(atPath: cache.path("models--owner--model/refs/v1"))
  #expect(message("owner/model").contains("of it only aaaaaaaaaaaa, bbbbbbbbbbbb: name one as"))
}

@Test func oneRevisionIsRemovedAndTheOtherStays() throws {
  let cache = try cacheOfTwo()
  let removal = try ModelRemoval(
    ModelReference(name: name(), revision: "v1"), in: cache.cache)
  #expect(removal.commits == [commits[0]])
  #expect(removal.references == ["v1"])
  #expect(removal.kept.map(\.commit) == [commits[1]])
  #expect(removal.freedBytes == 8)
  #expect(removal.sharedBytes == 5000)
  try removal.remove()
  let model = try cache.cache.scan(name())
  #expect(model.revisions.map(\.commit) == [commits[1]])
  #expect(model.revisions[0].files.allSatisfy { !$0.isBroken })
  #expect(model.unused == [] && model.danglingReferences == [])
  #expect(try cache.names(below: "models--owner--model/blobs").count == 2)
}

@Test func allOfAModelIsRemoved() throws {
  let cache = try cacheOfTwo()
  try cache.write([1, 2, 3], to: "models--owner--model/blobs/\(shared.digits).incomplete")
  try cache.write([1], to: "models--owner--other/blobs/x")
  let removal = try ModelRemoval(ModelReference(name: name()), in: cache.cache)
  #expect(removal.freedBytes == 5000 + 8 + 9 + 3)
  #expect(removal.sharedBytes == 0)
  try removal.remove()
  #expect(!cache.exists("models--owner--model"))
  #expect(cache.exists("models--owner--other/blobs/x"))
  let error = hubError { _ = try ModelRemoval(ModelReference(name: name()), in: cache.cache) }
  guard case .notPulled? = error else {
    Issue.record("\(String(describing: error))")
    return
  }
}

@Test func aModelThatIsBeingDownloadedIsNotRemoved() throws {
  let cache = try cacheOfTwo()
  let lock = cache.path(".locks/models--owner--model/\(shared.digits).lock")
  let descriptor = unsafe open(lock, O_RDWR)
  #expect(descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) == 0)
  let removal = try ModelRemoval(ModelReference(name: name()), in: cache.cache)
  let error = hubError { try removal.remove() }
  #expect(error?.category == .held)
  #expect(cache.exists("models--owner--model/refs/main"))
  close(descriptor)
  try removal.remove()
  #expect(!cache.exists("models--owner--model"))
}

/// What recent Python downloads leave: contents in one store for all models, with a list of users.
@Test func contentsThatModelsShareStayForTheOthers() throws {
  let cache = try TestCache()
  let content = String(repeating: "ab", count: 32)
  let commit = commits[0]
  try cache.write([], to: "blobs/.huggingface-shared-blobs")
  try cache.write(bytes(700), to: "blobs/ab/\(content)")
  var list = ""
  for model in ["x", "y"] {
    let folder = "models--owner--\(model)"
    let blob = "\(folder)/blobs/\(shared.digits)"
    list += "\(blob)\n"
    for (path, target) in [
      (blob, "../../blobs/ab/\(content)"),
      ("\(folder)/snapshots/\(commit)/model.safetensors", "../../blobs/\(shared.digits)"),
    ] {
      try FileManager.default.createDirectory(
        at: cache.folder.appending(path: path).deletingLastPathComponent(),
        withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: cache.path(path), withDestinationPath: target)
    }
    try cache.write(Array(commit.utf8), to: "\(folder)/refs/main")
  }
  try cache.write(Array(list.utf8), to: "blobs/ab/\(content).refs")
  #expect(try cache.cache.models().map(\.size) == [700, 700])
  #expect(
    cache.contents(
      "models--owner--x/snapshots/\(commit)/model.safetensors") == bytes(700))

  let first = try ModelRemoval(ModelReference(name: name("owner/x")), in: cache.cache)
  #expect(first.sharingModels.map(\.text) == ["owner/y"])
  #expect(first.freedBytes == 0 && first.sharedBytes == 700)
  try first.remove()
  #expect(!cache.exists("models--owner--x"))
  #expect(cache.contents("models--owner--y/snapshots/\(commit)/model.safetensors") == bytes(700))

  let second = try ModelRemoval(ModelReference(name: name("owner/y")), in: cache.cache)
  #expect(second.sharingModels == [] && second.freedBytes == 700)
  try second.remove()
  #expect(!cache.exists("blobs/ab/\(content)"))
  #expect(!cache.exists("blobs/ab/\(content).refs"))
}

/// A list that is missing, or that names somebody whom the cache's models do not show.
@Test(arguments: [true, false]) func contentsWithUnknownUsersStay(_ hasList: Bool) throws {
  let cache = try TestCache()
  let content = String(repeating: "ab", count: 32)
  try cache.write([], to: "blobs/.huggingface-shared-blobs")
  try cache.write(bytes(700), to: "blobs/ab/\(content)")
  var blobs = ["models--owner--x/blobs/\(shared.digits)"]
  if hasList { blobs.append("datasets--owner--data/blobs/\(shared.digits)") }
  for blob in blobs {
    try cache.write([], to: blob)
    try FileManager.default.removeItem(atPath: cache.path(blob))
    try FileManager.default.createSymbolicLink(
      atPath: cache.path(blob), withDestinationPath: "../../blobs/ab/\(content)")
  }
  if hasList {
    try cache.write(
      Array(blobs.joined(separator: "\n").utf8), to: "blobs/ab/\(content).refs")
  }
  try ModelRemoval(ModelReference(name: name("owner/x")), in: cache.cache).remove()
  #expect(!cache.exists("models--owner--x"))
  #expect(cache.contents("blobs/ab/\(content)") == bytes(700))
}
