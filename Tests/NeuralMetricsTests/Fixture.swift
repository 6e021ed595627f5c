import Foundation
import JSON
import Tensors

@testable import NeuralMetrics

/// A recorded model with pairs of texts and their scores; see `Fixtures/FIXTURES.md`.
struct Fixture {
  let name: String

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures")

  struct Unreadable: Error { let what: String }

  /// The path of a file of the fixtures.
  static func path(_ name: String) -> String { folder.appending(path: name).path }

  /// The objects of a file of lines; texts hold other line breaks than line feeds.
  static func rows(_ name: String) throws -> [JSONObject] {
    let bytes = try Data(contentsOf: folder.appending(path: name))
    return try bytes.split(separator: UInt8(ascii: "\n")).map { line in
      guard let object = try JSONParser().value(of: Data(line)).object else {
        throw Unreadable(what: name)
      }
      return object
    }
  }

  /// The model, ready to be used.
  func model(
    weights: String? = nil, precision: Precision = .float32, threads: Int = 2
  ) throws -> ScoringModel {
    try ScoringModel(
      path: Self.path("\(name)/model"), weightsPath: weights.map(Self.path), precision: precision,
      compute: Compute(pool: ThreadPool(count: threads)))
  }

  /// The recorded pairs, with what was recorded of each.
  func pairs() throws -> [(id: JSONValue, pair: TextPair, expected: JSONObject)] {
    let expected = try Self.rows("\(name)/expected.jsonl")
    return try Self.rows("\(name)/pairs.jsonl").map { row in
      guard let id = row["id"], let found = expected.first(where: { $0["id"] == id }) else {
        throw Unreadable(what: name)
      }
      return (
        id, TextPair(candidate: try Self.text(row, "hyp"), reference: try Self.text(row, "ref")),
        found
      )
    }
  }

  /// Pairs that another run of the reference was recorded with.
  static func unseen(_ name: String) throws -> [(pair: TextPair, expected: JSONObject)] {
    try rows("unseen-\(name).jsonl").map { row in
      (
        TextPair(candidate: try text(row, "candidate"), reference: try text(row, "reference")), row
      )
    }
  }

  static func text(_ object: JSONObject, _ key: String) throws -> String {
    guard let text = object[key]?.string else { throw Unreadable(what: key) }
    return text
  }

  static func number(_ object: JSONObject?, _ key: String) throws -> Double {
    guard let number = object?[key]?.number else { throw Unreadable(what: key) }
    return number
  }
}

/// The largest distance of two lists; infinite when a number is missing on one side only.
func distance(_ left: [Double], _ right: [Double]) -> Double {
  guard left.count == right.count else { return .infinity }
  return zip(left, right).reduce(0) { largest, pair in
    if pair.0.isNaN, pair.1.isNaN { return largest }
    let distance = abs(pair.0 - pair.1)
    return distance.isNaN ? .infinity : max(largest, distance)
  }
}

extension NeuralScorer {
  /// The numbers of pairs that all have one.
  func numbers(_ pairs: [TextPair]) throws -> [Double] {
    try score(pairs).map { try $0.get().number }
  }

  /// Precision, recall and F of pairs that all have them.
  func triples(_ pairs: [TextPair]) throws -> [[Double]] {
    try score(pairs).map {
      guard case .matching(let score) = try $0.get() else {
        throw Fixture.Unreadable(what: "score")
      }
      return [score.precision, score.recall, score.f]
    }
  }
}
