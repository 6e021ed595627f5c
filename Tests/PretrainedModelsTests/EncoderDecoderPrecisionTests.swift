import Checkpoints
import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing

/// What lower precisions change when recorded models write texts; README.md of the module has the
/// numbers, `PRINT_PRECISION=1` prints them.
@Suite struct EncoderDecoderPrecisionTests {
  /// How far a model is from the reference.
  struct Distance {
    /// The root of the mean squared difference of logits, relative to how far these are from their
    /// row's mean.
    var logits: Double
    /// The mean and the greatest difference of the labels' log-probabilities.
    var logProbability: (mean: Double, most: Double)
    /// The share of positions at which the likeliest token is the reference's.
    var likeliest: Double
    /// The share of recorded sequences that are generated with the same ids.
    var sequences: Double
  }

  static func distance(
    _ item: EncoderDecoderFixture, _ precision: Precision
  ) throws -> Distance {
    let model = try item.model(precision: precision)
    let expected = try item.fixture.expected
    var (differences, squares) = (0.0, 0.0)
    var (same, positions) = (0, 0)
    var errors: [Double] = []
    for batch in try item.batches {
      let recorded = try expected.tensor("\(batch.name).logits").matrix
      let labels = try expected.tensor("\(batch.name).label_logprobs").matrix
      let inputs = TokenBatch(batch.inputs.map { TokenSequence($0) })
      try model.withLogits(sources: batch.sources, inputs: batch.inputs) { logits in
        for number in batch.inputs.indices {
          for (offset, row) in inputs.rows(number).enumerated() {
            let right = (0..<logits.columns).map {
              Double(recorded[number * batch.paddedTarget + offset, $0])
            }
            let own = (0..<logits.columns).map { Double(logits[row, $0]) }
            let means = [right, own].map { $0.reduce(0, +) / Double($0.count) }
            for (own, right) in zip(own, right) {
              let difference = (own - means[1]) - (right - means[0])
              differences += difference * difference
              squares += (right - means[0]) * (right - means[0])
            }
            positions += 1
            if own.firstIndex(of: own.max() ?? 0) == right.firstIndex(of: right.max() ?? 0) {
              same += 1
            }
          }
        }
      }
      let values = try model.logProbabilities(
        of: batch.labels, given: batch.sources, start: batch.inputs[0][0])
      for (row, own) in values.enumerated() {
        for (column, value) in own.enumerated() {
          errors.append(Double(abs(value - labels[row, column])))
        }
      }
    }
    return Distance(
      logits: (differences / squares).squareRoot(),
      logProbability: (errors.reduce(0, +) / Double(errors.count), errors.max() ?? .infinity),
      likeliest: Double(same) / Double(positions),
      sequences: try sharedSequences(item, model))
  }

  private static func sharedSequences(
    _ item: EncoderDecoderFixture, _ model: any EncoderDecoder
  ) throws -> Double {
    let sources = try item.lines("prompts.jsonl").map { try Fixture.integers($0["input_ids"]) }
    let data = try Data(contentsOf: item.fixture.folder.appending(path: "gen_configs.json"))
    let expected = Dictionary(
      grouping: try item.lines("expected.generate.jsonl"), by: { $0["config"]?.string ?? "" })
    var (same, all) = (0, 0)
    for configuration in try Fixture.object(JSONParser().value(of: data)).members {
      let results = try Generator(
        model, tokens: GenerationTests.tokens(item),
        options: GenerationTests.options(Fixture.object(configuration.value))
      ).generate(sources)
      for row in expected[configuration.key] ?? [] {
        let prompt = try #require(row["prompt"]?.int)
        let best = try Fixture.rows(row["sequences"]).first
        all += 1
        if results[prompt].first?.ids == best { same += 1 }
      }
    }
    return Double(same) / Double(all)
  }

  @Test(
    arguments: EncoderDecoderFixture.all,
    [(Precision.float32, 1e-5, 1e-4), (.bfloat16, 0.02, 0.05), (.int8, 0.06, 0.15)])
  func lowerPrecisionsStayNearTheReference(
    _ item: EncoderDecoderFixture, _ limit: (precision: Precision, logits: Double, mean: Double)
  ) throws {
    let found = try Self.distance(item, limit.precision)
    if ProcessInfo.processInfo.environment["PRINT_PRECISION"] == "1" {
      print("\(item) \(limit.precision): \(found)")
    }
    #expect(found.logits < limit.logits)
    #expect(found.logProbability.mean < limit.mean)
    if limit.precision == .float32 { #expect(found.likeliest == 1 && found.sequences == 1) }
  }
}
