import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing

/// Small models of many shapes, recorded by `Tools/fixtures/encoders.py`.
///
/// With `ENCODER_CASES` naming a folder of more recordings, those are compared instead.
@Suite struct RandomModelTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let folder: URL
    var testDescription: String { folder.lastPathComponent }

    var output: String { get throws { try Fixture.string(object["output"]) } }

    var sequences: [TokenSequence] {
      get throws {
        try Fixture.array(object["sequences"]).map {
          let object = try Fixture.object($0)
          return TokenSequence(
            try Fixture.integers(object["ids"]),
            typeIDs: try object["types"].map { try Fixture.integers($0) })
        }
      }
    }

    var model: ModelFolder {
      get throws { try ModelFolder(path: folder.appending(path: "model").path) }
    }

    var expected: Checkpoint {
      get throws { try Checkpoint(path: folder.appending(path: "expected.safetensors").path) }
    }

    private var object: JSONObject {
      get throws {
        let data = try Data(contentsOf: folder.appending(path: "cases.json"))
        return try Fixture.object(JSONParser().value(of: data))
      }
    }

    static let all: [Case] = {
      let folder =
        ProcessInfo.processInfo.environment["ENCODER_CASES"].map { URL(filePath: $0) }
        ?? Fixture(name: "random").folder
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.sorted().map { Case(folder: folder.appending(path: $0)) }
    }()
  }

  @Test func thereAreCases() { #expect(Case.all.count >= 16) }

  /// Batches of at most 50 tokens: sequences come back in their order whatever is joined.
  @Test(arguments: Case.all)
  func outputsAreThoseOfTheReference(_ item: Case) throws {
    let compute = Compute(pool: EncoderTests.pool)
    let sequences = try item.sequences
    let expected = try item.expected
    switch try item.output {
    case "encoder":
      let encoder = try EncoderLoader.load(item.model, for: compute)
      for layers in 0...encoder.shape.layerCount {
        var seen: Set<Int> = []
        try encoder.forEachBatch(of: sequences, layers: layers, tokenBudget: 50) {
          numbers, batch, hidden in
          for (place, number) in numbers.enumerated() {
            seen.insert(number)
            let recorded = try expected.tensor("s\(number).hidden.\(layers)").matrix
            let error = Self.error(hidden.rows(batch.rows(place)), recorded)
            #expect(error < 1e-4, "sequence \(number), layer \(layers)")
          }
        }
        #expect(seen.count == sequences.count)
      }
    case "classifier":
      let classifier = try SequenceClassifier(item.model, for: compute)
      let logits = try classifier.logits(of: sequences, tokenBudget: 50)
      for (number, row) in logits.enumerated() {
        let recorded = try expected.tensor("s\(number).logits")
        #expect(recorded.count == classifier.labelCount)
        let error = Self.error(
          Matrix(rows: 1, columns: row.count, elements: row),
          recorded.matrix(rows: 1, columns: recorded.count))
        #expect(error < 1e-4, "sequence \(number)")
      }
    default:
      let model = try MaskedLanguageModel(item.model, for: compute)
      // The last position first, then some in the middle.
      let positions = sequences.map { Array((0..<$0.ids.count).reversed().prefix(9)) }
      var seen = 0
      try model.forEachLogits(of: sequences, at: positions, tokenBudget: 50) {
        number, indices, logits in
        let recorded = try expected.tensor("s\(number).logits").matrix
        for (row, index) in indices.enumerated() {
          seen += 1
          let position = positions[number][index]
          let error = Self.error(
            logits.rows(row..<row + 1), recorded.rows(position..<position + 1))
          #expect(error < 3e-4, "sequence \(number), position \(position)")
        }
      }
      #expect(seen == positions.reduce(0) { $0 + $1.count })
    }
  }

  /// The largest difference, where numbers above 1 count relative to their size.
  static func error(_ computed: Matrix, _ recorded: Matrix) -> Float {
    var largest: Float = 0
    for row in 0..<recorded.rows {
      for column in 0..<recorded.columns {
        let expected = recorded[row, column]
        let error = abs(computed[row, column] - expected) / max(1, abs(expected))
        largest = error <= largest ? largest : error
      }
    }
    return largest
  }
}
