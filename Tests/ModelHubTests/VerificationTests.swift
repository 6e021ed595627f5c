import Checkpoints
import Foundation
import LoopbackHub
import ModelHub
import Tensors
import Testing

private let folder = "models--owner--model"
private let snapshot = "\(folder)/snapshots/\(LoopbackHub.commit)"

/// A file of weights with one matrix.
private func weights(_ name: String = "a", rows: Int = 3) throws -> [UInt8] {
  let url = FileManager.default.temporaryDirectory
    .appending(path: "\(UUID().uuidString).safetensors")
  defer { try? FileManager.default.removeItem(at: url) }
  let tensor = Tensor(shape: [rows, 4])
  try SafetensorsWriter.write([(name, tensor)], to: url.path)
  return Array(try Data(contentsOf: url))
}

private func model() throws -> LoopbackHub.Model {
  let index = #"{"weight_map": {"a": "model-1.safetensors", "b": "model-2.safetensors"}}"#
  return .init(
    "owner/model",
    [
      .init("config.json", "{}"), .init("model.safetensors.index.json", index),
      .init("model-1.safetensors", try weights("a"), isLarge: true),
      .init("model-2.safetensors", try weights("b", rows: 5), isLarge: true),
    ])
}

private func verify(_ cache: TestCache) throws -> ModelVerification.Result {
  let reference = try #require(ModelReference("owner/model"))
  return try ModelVerification(reference, in: cache.cache).run()
}

@Test func aSoundModelHasNoFindings() throws {
  let hub = LoopbackHub([try model()])
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  let result = try verify(cache)
  #expect(result.findings == [])
  #expect(result.files == 4)
  #expect(result.isSound)
  let size = try cache.cache.scan(#require(ModelName("owner/model"))).size
  #expect(result.bytes == size)
}

@Test func everythingThatIsWrongIsFoundAndRepaired() throws {
  let model = try model()
  let files = try #require(model.files[LoopbackHub.commit])
  let hub = LoopbackHub([model])
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  let (config, shard) = (files[0], files[2])
  // One byte of a small file, one content gone, one shard's link gone, and leftovers.
  try cache.write(Array("[]".utf8), to: "\(folder)/blobs/\(config.digits)")
  try FileManager.default.removeItem(atPath: cache.path("\(folder)/blobs/\(shard.digits)"))
  try FileManager.default.removeItem(atPath: cache.path("\(snapshot)/model-2.safetensors"))
  try cache.write([1, 2], to: "\(folder)/blobs/\(shard.digits).incomplete")
  try cache.write(Array(String(repeating: "c", count: 40).utf8), to: "\(folder)/refs/old")
  let result = try verify(cache)
  #expect(!result.isSound)
  #expect(
    Set(result.findings.map(\.kind)) == [
      .wrongHash, .brokenLink, .missingShard, .incomplete, .danglingReference, .unused,
    ])
  let wrong = try #require(result.findings.first { $0.kind == .wrongHash })
  #expect(wrong.path == cache.path("\(folder)/blobs/\(config.digits)"))
  #expect(wrong.message.contains("expected git blob \(config.digits)"))
  let reference = try #require(ModelReference("owner/model"))
  _ = try ModelVerification(reference, in: cache.cache).repair(result.findings)
  try pull(from: hub, into: cache)
  #expect(try verify(cache).findings == [])
  #expect(cache.contents("\(snapshot)/config.json") == Array("{}".utf8))
}

@Test func weightsThatBreakTheRulesAreFound() throws {
  var content = try weights()
  content.removeLast()
  let hub = LoopbackHub([
    .init("owner/model", [.init("model.safetensors", content, isLarge: true)])
  ])
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  let result = try verify(cache)
  #expect(result.findings.map(\.kind) == [.malformedWeights])
  #expect(!result.isSound)
}

@Test func aContentWhoseNameIsNoHashIsOnlyAWarning() throws {
  let hub = LoopbackHub([try model()])
  let cache = try TestCache()
  try pull(from: hub, into: cache)
  try cache.write([1], to: "\(folder)/blobs/opaque-etag")
  try FileManager.default.createSymbolicLink(
    atPath: cache.path("\(snapshot)/more.txt"), withDestinationPath: "../../blobs/opaque-etag")
  let result = try verify(cache)
  #expect(result.findings.map(\.kind) == [.unverifiable])
  #expect(result.isSound)
}

@Test func aCheckOfNothingIsAnError() throws {
  let cache = try TestCache()
  let error = hubError { _ = try verify(cache) }
  guard case .notPulled? = error else {
    Issue.record("\(String(describing: error))")
    return
  }
}
