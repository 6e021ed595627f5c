import Foundation
import HTTPClient
import LoopbackHub
import LoopbackServer
import ModelHub
import Testing

private let folder = "models--owner--model"
private let snapshot = "\(folder)/snapshots/\(LoopbackHub.commit)"

private func file(_ path: String) throws -> LoopbackHub.File {
  try #require(smallModel.files[LoopbackHub.commit]?.first { $0.path == path })
}

@Test func aModelIsPulledIntoTheLayoutThatPythonHas() throws {
  let hub = LoopbackHub([smallModel])
  let cache = try TestCache()
  let outcome = try pull(from: hub, into: cache)
  #expect(outcome.commit == LoopbackHub.commit)
  #expect(outcome.folder == cache.path(snapshot))
  #expect(
    try cache.names(below: snapshot) == [
      "1_Pooling/config.json", "README.md", "config.json", "empty.txt", "model.safetensors",
      "tokenizer.json",
    ])
  for name in try cache.names(below: snapshot) {
    #expect(cache.contents("\(snapshot)/\(name)") == (try file(name).content), "\(name)")
  }
  // Links are relative, so that the cache can be moved; contents are named by their hash.
  #expect(
    cache.link("\(snapshot)/model.safetensors")
      == "../../blobs/\(try file("model.safetensors").digits)")
  #expect(
    cache.link("\(snapshot)/1_Pooling/config.json")
      == "../../../blobs/\(try file("1_Pooling/config.json").digits)")
  #expect(cache.contents("\(folder)/refs/main") == Array(LoopbackHub.commit.utf8))
  #expect(
    cache.contents("CACHEDIR.TAG")?.starts(
      with: "Signature: 8a477f597d28d172789f06886806bc55".utf8) == true)
  #expect(try cache.names(below: "\(folder)/blobs").allSatisfy { !$0.hasSuffix(".incomplete") })
  #expect(
    outcome.bytes
      == (try cache.names(below: snapshot).reduce(0) { try $0 + file($1).content.count }))
  #expect(outcome.receivedBytes == outcome.bytes)
}

@Test func whatIsThereIsNotDownloadedAgain() throws {
  let hub = LoopbackHub([smallModel])
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  hub.forgetRequests()
  #expect(try pull(from: hub, into: cache).receivedBytes == 0)
  #expect(hub.contentRequests == [])
  // Another revision with one file changed brings that file.
  var model = smallModel
  let commit = String(repeating: "b", count: 40)
  model.revisions["main"] = commit
  model.files[commit] = try #require(model.files[LoopbackHub.commit]).map {
    $0.path == "config.json" ? .init("config.json", #"{"model_type": "roberta"}"#) : $0
  }
  hub.set(model)
  let outcome = try pull(from: hub, into: cache)
  #expect(outcome.commit == commit)
  #expect(outcome.receivedBytes == 25)
  #expect(cache.contents("\(folder)/refs/main") == Array(commit.utf8))
  #expect(cache.exists("\(snapshot)/config.json"))
}

@Test func aRevisionIsABranchATagOrACommit() throws {
  var model = smallModel
  model.revisions["refs/pr/1"] = LoopbackHub.commit
  model.revisions["v1.0"] = LoopbackHub.commit
  let hub = LoopbackHub([model])
  for revision in ["refs/pr/1", "v1.0", LoopbackHub.commit] {
    let cache = try TestCache()
    let outcome = try pull(revision: revision, from: hub, into: cache)
    #expect(outcome.commit == LoopbackHub.commit)
    let references = try cache.names(below: "\(folder)/refs")
    #expect(references == (revision == LoopbackHub.commit ? [] : [revision]))
  }
}

@Test func patternsReplaceTheUsualChoice() throws {
  let hub = LoopbackHub([smallModel])
  let cache = try TestCache()
  try pull(from: hub, into: cache, included: ["*.json", "onnx/"], excluded: ["1_*"])
  #expect(
    try cache.names(below: snapshot) == [
      "config.json", "onnx/config.json", "onnx/model.onnx", "tokenizer.json",
    ])
  let error = hubError { try pull(from: hub, into: cache, included: ["*.gguf"]) }
  #expect("\(try #require(error))".contains("none of the 11 files of owner/model is selected"))
}

@Test func aModelInShardsComesWithAllOfThem() throws {
  let names = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
  let index = #"{"weight_map": {"a": "\#(names[0])", "b": "\#(names[1])", "c": "\#(names[0])"}}"#
  var files: [LoopbackHub.File] = [
    .init("config.json", "{}"), .init("model.safetensors.index.json", index),
    .init(names[0], bytes(50_000), isLarge: true),
    .init(names[1], bytes(50_000, seed: 2), isLarge: true),
    .init("old-00001-of-00002.safetensors", bytes(10), isLarge: true),
    .init("pytorch_model.bin.index.json", "{}"),
    .init("pytorch_model-00001-of-00001.bin", bytes(10), isLarge: true),
  ]
  let hub = LoopbackHub([.init("owner/model", files)])
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  #expect(
    try cache.names(below: snapshot) == ["config.json"] + names + ["model.safetensors.index.json"])
  // An index that names what the model does not have is a broken model.
  files.removeAll { $0.path == names[1] }
  hub.set(.init("owner/model", files))
  let error = hubError { try pull(from: hub, into: try TestCache()) }
  #expect("\(try #require(error))".contains("names a file '\(names[1])'"))
}

@Test func twoNamesOfOneContentAreDownloadedOnce() throws {
  let content = bytes(5000)
  let hub = LoopbackHub([
    .init(
      "owner/model",
      [
        .init("model.safetensors", content, isLarge: true), .init("a.json", "{}"),
        .init("b/c/a.json", "{}"),
      ])
  ])
  let cache = try TestCache()
  let outcome = try pull(from: hub, into: cache)
  #expect(outcome.files == 3)
  #expect(outcome.receivedBytes == 5002)
  #expect(cache.contents("\(snapshot)/b/c/a.json") == Array("{}".utf8))
}

@Test(arguments: [2, 1000]) func aHubMayTellSizesInTheTreeAlone(_ pageSize: Int) throws {
  let hub = LoopbackHub([smallModel], listing: .tree(pageSize: pageSize))
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  #expect(try cache.names(below: snapshot).count == 6)
  let pages = hub.requests.count { $0.target.contains("/tree/") }
  #expect(pages == (pageSize == 2 ? 6 : 1))
}

@Test func aMirrorMayTellSizesWithTheFilesAlone() throws {
  let hub = LoopbackHub([smallModel], listing: .names)
  let cache = try TestCache()
  try pull(from: hub, into: cache, token: "hf_abcdefghijkl")
  #expect(try cache.names(below: snapshot).count == 6)
  #expect(hub.requests.contains { $0.method == "HEAD" })
  #expect(cache.contents("\(snapshot)/model.safetensors") == bytes(300_000))
  #expect(hub.requests.allSatisfy { !$0.isAtCDN || $0.fields["authorization"] == nil })
}

@Test func theTokenGoesToTheHubAndNowhereElse() throws {
  let token = "hf_abcdefghijklmnop"
  var model = smallModel
  model.token = token
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  try pull(from: hub, into: cache, token: token)
  let (atCDN, atHub) = (
    hub.requests.filter(\.isAtCDN), hub.requests.filter { !$0.isAtCDN }
  )
  #expect(atHub.allSatisfy { $0.fields["authorization"] == "Bearer \(token)" })
  #expect(!atCDN.isEmpty)
  #expect(atCDN.allSatisfy { $0.fields["authorization"] == nil })
  #expect(atCDN.allSatisfy { !$0.fields.values.contains { $0.contains(token) } })
  #expect(hub.requests.allSatisfy { $0.fields["accept-encoding"] == "identity" })
}

/// Redirects of the API: within the hub the token goes along, away from it it stays.
@Test func aModelThatWasRenamedIsFound() throws {
  let hub = LoopbackHub([smallModel])
  hub.intercept { request in
    guard request.target.contains("old-name") else { return nil }
    let target = request.target.replacing("old-name", with: "owner/model")
    return [
      .send(
        Array("HTTP/1.1 307 Moved\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n".utf8))
    ]
  }
  let cache = try TestCache()
  try pull("old-name", from: hub, into: cache, token: "hf_abcdefghijkl")
  #expect(cache.exists("models--old-name/snapshots/\(LoopbackHub.commit)/model.safetensors"))
  #expect(
    hub.requests.filter { !$0.isAtCDN }.allSatisfy { $0.fields["authorization"] != nil })
}

@Test func anEndpointMayHaveAPath() throws {
  let hub = LoopbackHub([smallModel])
  let cache = try TestCache()
  hub.intercept { [weak hub] request in
    guard !request.isAtCDN else { return nil }
    var inner = request
    guard request.target.hasPrefix("/mirror/hf/") else { return [.answer(500, text: "")] }
    inner.target.removeFirst("/mirror/hf".count)
    return hub?.honestAnswer(inner)
  }
  var settings = try cache.settings(hub)
  settings.endpoint = try #require(settings.endpoint.resolving("/mirror/hf/"))
  let reference = ModelReference(name: try #require(ModelName("owner/model")))
  _ = try ModelPull(reference: reference).run(settings)
  #expect(cache.exists("\(snapshot)/model.safetensors"))
}

@Test func progressIsReportedToTheLastByte() throws {
  let hub = LoopbackHub([smallModel])
  let cache = try TestCache()
  let reference = ModelReference(name: try #require(ModelName("owner/model")))
  var seen: [ModelPull.Progress] = []
  _ = try ModelPull(reference: reference).run(cache.settings(hub), report: { seen.append($0) })
  let last = try #require(seen.last)
  #expect(last.doneBytes == last.totalBytes)
  #expect(last.doneFiles == 6 && last.totalFiles == 6)
  #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.doneBytes <= $1.doneBytes })
}
