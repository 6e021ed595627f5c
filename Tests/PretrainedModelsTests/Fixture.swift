import Checkpoints
import Foundation
import JSON
import Tensors
import Testing

@testable import PretrainedModels

/// A recorded model with its inputs and outputs; see `Fixtures/FIXTURES.md`.
struct Fixture: Sendable, CustomTestStringConvertible {
  let name: String

  static let encoders = [
    "bert", "roberta", "deberta-v1", "deberta-v3", "deberta-v2-xlarge", "deberta-v2-abspos",
  ].map { Fixture(name: $0) }

  var testDescription: String { name }

  var folder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/\(name)")
  }

  var model: ModelFolder {
    get throws { try ModelFolder(path: folder.appending(path: "model").path) }
  }

  struct Batch {
    let name: String
    let sequences: [TokenSequence]
    /// The tokens of the padded rows.
    let paddedLength: Int
  }

  /// The recorded batches; padding is cut off.
  var batches: [Batch] {
    get throws {
      let value = try JSONParser().value(
        of: Data(contentsOf: folder.appending(path: "inputs.json")))
      return try Self.array(value.object?["batches"]).map { batch in
        let object = try Self.object(batch)
        let ids = try Self.rows(object["input_ids"])
        let mask = try Self.rows(object["attention_mask"])
        let types = object["token_type_ids"].map { try? Self.rows($0) } ?? nil
        return Batch(
          name: try Self.string(object["name"]),
          sequences: ids.indices.map { row in
            let count = mask[row].reduce(0, +)
            return TokenSequence(
              Array(ids[row].prefix(count)), typeIDs: types.map { Array($0[row].prefix(count)) })
          }, paddedLength: ids.first?.count ?? 0)
      }
    }
  }

  /// The recorded tensors.
  var expected: Checkpoint {
    get throws { try Checkpoint(path: folder.appending(path: "expected.safetensors").path) }
  }

  struct Unreadable: Error {}

  static func array(_ value: JSONValue?) throws -> [JSONValue] {
    guard let array = value?.array else { throw Unreadable() }
    return array
  }

  static func object(_ value: JSONValue?) throws -> JSONObject {
    guard let object = value?.object else { throw Unreadable() }
    return object
  }

  static func string(_ value: JSONValue?) throws -> String {
    guard let string = value?.string else { throw Unreadable() }
    return string
  }

  static func integers(_ value: JSONValue?) throws -> [Int] {
    try array(value).map {
      guard let int = $0.int else { throw Unreadable() }
      return int
    }
  }

  static func numbers(_ value: JSONValue?) throws -> [Double] {
    try array(value).map {
      guard let number = $0.number else { throw Unreadable() }
      return number
    }
  }

  static func rows(_ value: JSONValue?) throws -> [[Int]] {
    try array(value).map { try integers($0) }
  }

  /// The largest difference between computed rows and recorded ones, `[sequences, padded, columns]`.
  static func difference(
    _ computed: Matrix, _ batch: TokenBatch, _ recorded: Tensor, paddedLength: Int
  ) -> Float {
    let rows = recorded.matrix
    var largest: Float = 0
    for sequence in batch.lengths.indices {
      for (offset, row) in batch.rows(sequence).enumerated() {
        for column in 0..<computed.columns {
          let expected = rows[sequence * paddedLength + offset, column]
          let error = abs(computed[row, column] - expected)
          // A NaN is a difference too.
          largest = error <= largest ? largest : error
        }
      }
    }
    return largest
  }
}
