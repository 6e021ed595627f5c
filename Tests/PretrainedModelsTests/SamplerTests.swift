import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing

/// Logits processors against the recorded ones of transformers.
@Suite struct SamplerTests {
  static let fixture = EncoderDecoderFixture(name: "samplers")

  @Test func keptTokensAndProbabilitiesAreThoseOfTheReference() throws {
    let logits = try Checkpoint(
      path: Self.fixture.fixture.folder.appending(path: "logits.safetensors").path
    ).tensor("logits").matrix
    let expected = try Self.fixture.lines("expected.jsonl")
    let cases = try Self.fixture.lines("cases.jsonl")
    #expect(cases.count == expected.count && cases.count > 40)
    for (item, recorded) in zip(cases, expected) {
      var options = GenerationOptions()
      options.repetitionPenalty = item["repetition_penalty"]?.number ?? 1
      options.noRepeatNGram = item["no_repeat_ngram_size"]?.int ?? 0
      options.sampling = SamplingOptions(
        temperature: item["temperature"]?.number ?? 1, topK: item["top_k"]?.int ?? 0,
        topP: item["top_p"]?.number ?? 1)
      try options.check()
      let row = try #require(item["row"]?.int)
      let scores = Matrix(
        rows: 1, columns: logits.columns, elements: logits.rows(row..<row + 1).elements)
      let previous = try Fixture.integers(item["previous_ids"])
      let processors = options.processors(GenerationTokens(start: 0, ends: [1]))
      scores.withMutableRow(0) { processors.process(&$0, after: previous) }
      let kept = (0..<scores.columns).filter { scores[0, $0] > -.infinity }
      let name = Comment(rawValue: "case \(item["id"]?.int ?? -1)")
      #expect(kept == (try Fixture.integers(recorded["kept"])), name)
      let top = kept.map { scores[0, $0] }.max() ?? 0
      let powers = kept.map { exp(Double(scores[0, $0] - top)) }
      let total = powers.reduce(0, +)
      for (power, probability) in zip(powers, try Fixture.numbers(recorded["probs"])) {
        #expect(abs(power / total - probability) < 1e-6 + 1e-5 * probability, name)
      }
    }
  }
}
