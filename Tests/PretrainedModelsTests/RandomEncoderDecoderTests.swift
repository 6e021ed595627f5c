import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing

/// Small models of many shapes, recorded by `Tools/fixtures/seq2seq.py`.
///
/// With `SEQ2SEQ_CASES` naming a folder of more recordings, those are compared instead.
@Suite struct RandomEncoderDecoderTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let folder: URL
    var testDescription: String { folder.lastPathComponent }

    var model: ModelFolder {
      get throws { try ModelFolder(path: folder.appending(path: "model").path) }
    }

    var expected: Checkpoint {
      get throws { try Checkpoint(path: folder.appending(path: "expected.safetensors").path) }
    }

    var contents: JSONObject {
      get throws {
        let data = try Data(contentsOf: folder.appending(path: "cases.json"))
        return try Fixture.object(JSONParser().value(of: data))
      }
    }

    static let all: [Case] = {
      let folder =
        ProcessInfo.processInfo.environment["SEQ2SEQ_CASES"].map { URL(filePath: $0) }
        ?? Fixture(name: "random-seq2seq").folder
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
      return names.sorted().map { Case(folder: folder.appending(path: $0)) }
    }()
  }

  @Test func thereAreCases() { #expect(Case.all.count >= 6) }

  @Test(arguments: Case.all)
  func statesAndLogitsAreThoseOfTheReference(_ item: Case) throws {
    let model = try EncoderDecoderLoader.load(
      item.model, for: Compute(pool: EncoderTests.pool))
    let contents = try item.contents
    let start = try #require(contents["start"]?.int)
    let pairs = try Fixture.array(contents["pairs"]).map { try Fixture.object($0) }
    let sources = try pairs.map { try Fixture.integers($0["source"]) }
    let targets = try pairs.map { try Fixture.integers($0["target"]) }
    let inputs = targets.map { model.decoderInput($0, start: start) }
    let expected = try item.expected
    let batches = (
      TokenBatch(sources.map { TokenSequence($0) }), TokenBatch(inputs.map { TokenSequence($0) })
    )
    try model.withStates(sources: batches.0, inputs: batches.1) { states, _ in
      for index in sources.indices {
        let recorded = try expected.tensor("s\(index).encoder").matrix
        let error = RandomModelTests.error(states.rows(batches.0.rows(index)), recorded)
        #expect(error < 2e-4, "states of source \(index)")
      }
    }
    try model.withLogits(sources: sources, inputs: inputs) { logits in
      for index in sources.indices {
        let recorded = try expected.tensor("s\(index).logits").matrix
        let error = RandomModelTests.error(logits.rows(batches.1.rows(index)), recorded)
        #expect(error < 2e-4, "logits of target \(index)")
      }
    }
    let values = try model.logProbabilities(of: targets, given: sources, start: start)
    for (index, target) in targets.enumerated() {
      let recorded = try expected.tensor("s\(index).logits").matrix
      for (row, token) in target.enumerated() {
        let logits = (0..<recorded.columns).map { Double(recorded[row, $0]) }
        let top = logits.max() ?? 0
        let total = top + log(logits.reduce(0) { $0 + exp($1 - top) })
        #expect(abs(Double(values[index][row]) - (logits[token] - total)) < 3e-4)
      }
    }
  }

  @Test(arguments: Case.all)
  func sequencesAreThoseOfTheReference(_ item: Case) throws {
    let folder = try item.model
    let model = try EncoderDecoderLoader.load(folder, for: Compute(pool: EncoderTests.pool))
    let settings = try GenerationSettings(folder)
    for row in try Fixture.array(item.contents["generated"]) {
      let row = try Fixture.object(row)
      let options = try GenerationTests.options(Fixture.object(row["options"]))
      let source = try Fixture.integers(row["source"])
      let generator = try Generator(model, tokens: settings.tokens, options: options)
      // Alone, and three times beside a longer one.
      let results = try generator.generate([source])
      try GenerationTests.compare(results[0], row, "\(options)")
      let other = (source + source).prefix(model.shape.sourceLimit ?? 80)
      let more = try Generator(
        model, tokens: settings.tokens, options: options,
        limits: Generator.Limits(sequences: 2 * options.beams)
      ).generate([source, Array(other), source, source])
      for index in [0, 2, 3] { try GenerationTests.compare(more[index], row, "\(options)") }
    }
  }
}
