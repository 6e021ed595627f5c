import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing

@Suite struct MaskedLanguageModelTests {
  static let models = [("bert-mlm", 6), ("roberta-mlm", 899)]

  @Test(arguments: models)
  func logitsAreThoseOfTheReference(_ name: String, _ maskID: Int) throws {
    let fixture = Fixture(name: name)
    let model = try MaskedLanguageModel(
      fixture.model, for: Compute(pool: EncoderTests.pool))
    let batch = try #require(try fixture.batches.first)
    let recorded = try fixture.expected.tensor("b0.logits").matrix
    let positions = batch.sequences.map { Array($0.ids.indices) }
    var rows = 0
    try model.forEachLogits(of: batch.sequences, at: positions) { number, indices, logits in
      for (row, position) in indices.enumerated() {
        rows += 1
        let error = RandomModelTests.error(
          logits.rows(row..<row + 1),
          recorded.rows(
            number * batch.paddedLength + position..<number * batch.paddedLength + position + 1))
        #expect(error < 3e-4)
      }
    }
    #expect(rows == positions.reduce(0) { $0 + $1.count })
  }

  /// With any number of masked copies computed together.
  @Test(arguments: models, [1, 60, 4096])
  func pseudoLikelihoodsAreThoseOfTheReference(
    _ model: (name: String, maskID: Int), _ tokenBudget: Int
  ) throws {
    let fixture = Fixture(name: model.name)
    let language = try MaskedLanguageModel(
      fixture.model, for: Compute(pool: EncoderTests.pool))
    let lines = try String(
      contentsOf: fixture.folder.appending(path: "expected.jsonl"), encoding: .utf8
    ).split(separator: "\n").map { try Fixture.object(JSONValue(json: String($0))) }
    let sequences = try lines.map { TokenSequence(try Fixture.integers($0["ids"])) }
    let results = try language.pseudoLogProbabilities(
      of: sequences, maskID: model.maskID, tokenBudget: tokenBudget)
    #expect(results.count == lines.count && lines.count > 5)
    for (result, line) in zip(results, lines) {
      let recorded = try Fixture.numbers(line["token_logprobs"])
      #expect(result.count == recorded.count)
      let errors = zip(result, recorded).map { abs(Double($0) - $1) }
      #expect(errors.allSatisfy { $0 < 3e-4 })
      let sum = try #require(line["pll"]?.number)
      #expect(abs(result.reduce(0) { $0 + Double($1) } - sum) < 2e-3)
    }
  }

  @Test func positionsOutsideTheSequenceAreRefused() throws {
    let model = try MaskedLanguageModel(
      Fixture(name: "bert-mlm").model, for: Compute(pool: EncoderTests.pool))
    #expect(throws: ModelInputError.position(sequence: 1, position: 2, length: 2)) {
      try model.forEachLogits(
        of: [TokenSequence([4, 5]), TokenSequence([4, 5])], at: [[0], [2]]
      ) { _, _, _ in }
    }
  }
}
