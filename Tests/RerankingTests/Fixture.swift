import Foundation
import JSON
import Tensors
import Testing

@testable import Reranking

/// A recorded ranker with its inputs and outputs; see `Fixtures/FIXTURES.md`.
enum Fixture {
  struct Unreadable: Error { let what: String }

  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)").path
  }

  static func compute() -> Compute { Compute(pool: ThreadPool(count: 2)) }

  /// The rows of a file of lines; they may hold other line separators than line feeds.
  static func rows(_ name: String) throws -> [JSONObject] {
    let data = try Data(contentsOf: URL(filePath: path(name)))
    return try data.split(separator: UInt8(ascii: "\n")).map { line in
      guard let object = try JSONParser().value(of: Data(line)).object else {
        throw Unreadable(what: name)
      }
      return object
    }
  }

  static func object(_ name: String) throws -> JSONObject {
    let data = try Data(contentsOf: URL(filePath: path(name)))
    guard let object = try JSONParser().value(of: data).object else { throw Unreadable(what: name) }
    return object
  }

  static func array(_ name: String) throws -> [JSONValue] {
    let data = try Data(contentsOf: URL(filePath: path(name)))
    guard let array = try JSONParser().value(of: data).array else { throw Unreadable(what: name) }
    return array
  }

  static func input(_ row: JSONObject) throws -> RankingInput {
    let instruction = row["instruction"]?.string ?? ""
    return RankingInput(
      source: instruction + (try #require(row["source"]?.string)),
      candidates: try #require(row["candidates"]?.array).map { try #require($0.string) })
  }

  static func id(_ row: JSONObject) throws -> String {
    let id = try #require(row["id"])
    return id.string ?? id.json()
  }

  static func doubles(_ value: JSONValue?) throws -> [Double] {
    try #require(value?.array).map { try #require($0.number) }
  }

  static func ints(_ value: JSONValue?) throws -> [Int] {
    try #require(value?.array).map { try #require($0.int) }
  }

  static func matrix(_ value: JSONValue?) throws -> [[Double]] {
    try #require(value?.array).map { try doubles($0) }
  }

  static func floats(_ rows: [[Double]]) -> [[Float]] { rows.map { $0.map { Float($0) } } }
}

/// Whether numbers are as recorded: within 2e-4, as logits must be.
func expectNear(
  _ got: [Double], _ expected: [Double], tolerance: Double = 2e-4, _ what: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard got.count == expected.count else {
    Issue.record("\(what): \(got.count) numbers", sourceLocation: sourceLocation)
    return
  }
  for (one, other) in zip(got, expected) where !(abs(one - other) <= tolerance) {
    Issue.record("\(what): \(one), expected \(other)", sourceLocation: sourceLocation)
    return
  }
}
