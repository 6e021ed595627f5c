import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors

/// A recorded encoder-decoder; see `Fixtures/FIXTURES.md`.
struct EncoderDecoderFixture: Sendable, CustomStringConvertible {
  let name: String

  static let all = ["t5-v1_0", "t5-v1_1", "bart"].map { EncoderDecoderFixture(name: $0) }

  var description: String { name }

  var fixture: Fixture { Fixture(name: name) }

  struct Batch {
    let name: String
    let sources: [[Int]]
    /// What the decoder reads.
    let inputs: [[Int]]
    let labels: [[Int]]
    /// The tokens of the padded rows.
    let paddedSource: Int
    let paddedTarget: Int
  }

  /// The recorded batches; padding is cut off.
  var batches: [Batch] {
    get throws {
      let data = try Data(contentsOf: fixture.folder.appending(path: "inputs.json"))
      let value = try JSONParser().value(of: data)
      return try Fixture.array(value.object?["batches"]).map { batch in
        let object = try Fixture.object(batch)
        let ids = try Fixture.rows(object["input_ids"])
        let mask = try Fixture.rows(object["attention_mask"])
        let inputs = try Fixture.rows(object["decoder_input_ids"])
        let labels = try Fixture.rows(object["labels"])
        let lengths = labels.map { row in row.prefix { $0 != -100 }.count }
        return Batch(
          name: try Fixture.string(object["name"]),
          sources: zip(ids, mask).map { Array($0.prefix($1.reduce(0, +))) },
          inputs: zip(inputs, lengths).map { Array($0.prefix($1)) },
          labels: zip(labels, lengths).map { Array($0.prefix($1)) },
          paddedSource: ids.first?.count ?? 0, paddedTarget: inputs.first?.count ?? 0)
      }
    }
  }

  /// The rows of a file of JSON Lines.
  func lines(_ file: String) throws -> [JSONObject] {
    let data = try Data(contentsOf: fixture.folder.appending(path: file))
    return try data.split(separator: UInt8(ascii: "\n")).map {
      try Fixture.object(JSONParser().value(of: Data($0)))
    }
  }

  func model(
    precision: Precision = .float32, backend: Backend = .current
  ) throws -> any EncoderDecoder {
    try EncoderDecoderLoader.load(
      fixture.model, precision: precision,
      for: Compute(pool: EncoderTests.pool, backend: backend))
  }
}
