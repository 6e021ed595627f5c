import Foundation
import JSON
import PretrainedModels
import Tensors
import Testing

/// Sequences against those of transformers' `generate`.
@Suite struct GenerationTests {
  /// The special tokens of the recorded models.
  static func tokens(_ item: EncoderDecoderFixture) -> GenerationTokens {
    item.name == "bart"
      ? GenerationTokens(start: 2, ends: [2], forcedLast: [2])
      : GenerationTokens(start: 0, ends: [1])
  }

  static func options(_ settings: JSONObject) throws -> GenerationOptions {
    var options = GenerationOptions()
    for member in settings.members {
      let value = member.value
      switch member.key {
      case "num_beams": options.beams = value.int ?? 0
      case "max_new_tokens": options.maxNewTokens = value.int ?? 0
      case "min_new_tokens": options.minNewTokens = value.int ?? 0
      case "length_penalty": options.lengthPenalty = value.number ?? .nan
      case "early_stopping": options.stopsEarly = value.bool ?? false
      case "no_repeat_ngram_size": options.noRepeatNGram = value.int ?? 0
      case "repetition_penalty": options.repetitionPenalty = value.number ?? .nan
      case "num_return_sequences": options.returnedSequences = value.int ?? 0
      default: throw Fixture.Unreadable()
      }
    }
    return options
  }

  /// All prompts of one configuration are generated together, with little room.
  @Test(arguments: EncoderDecoderFixture.all)
  func sequencesAreThoseOfTheReference(_ item: EncoderDecoderFixture) throws {
    let model = try item.model()
    let prompts = try item.lines("prompts.jsonl")
    let sources = try prompts.map { try Fixture.integers($0["input_ids"]) }
    let data = try Data(contentsOf: item.fixture.folder.appending(path: "gen_configs.json"))
    let configurations = try Fixture.object(JSONParser().value(of: data))
    let expected = Dictionary(
      grouping: try item.lines("expected.generate.jsonl"), by: { $0["config"]?.string ?? "" })
    #expect(expected.count == 10)
    for configuration in configurations.members {
      let options = try Self.options(Fixture.object(configuration.value))
      for limits in [
        Generator.Limits(), Generator.Limits(sequences: 1), Generator.Limits(sourceTokens: 20),
      ] {
        let generator = try Generator(
          model, tokens: Self.tokens(item), options: options, limits: limits)
        let results = try generator.generate(sources)
        for row in expected[configuration.key] ?? [] {
          let prompt = try #require(row["prompt"]?.int)
          try Self.compare(results[prompt], row, "\(item) \(configuration.key) \(prompt)")
        }
      }
    }
  }

  static func compare(
    _ results: [GeneratedSequence], _ row: JSONObject, _ name: String
  ) throws {
    let name = Comment(rawValue: name)
    #expect(results.map(\.ids) == (try Fixture.rows(row["sequences"])), name)
    if let scores = row["scores"], !scores.isNull {
      for (result, score) in zip(results, try Fixture.numbers(scores)) {
        let own = try #require(result.score)
        #expect(abs(own - score) < 5e-4 + 1e-4 * abs(score), name)
      }
    } else {
      #expect(results.allSatisfy { $0.score == nil }, name)
    }
    for (result, recorded) in zip(results, try Fixture.array(row["token_logprobs"])) {
      let numbers = try Fixture.numbers(recorded)
      #expect(result.logProbabilities.count == numbers.count, name)
      for (own, number) in zip(result.logProbabilities, numbers) {
        #expect(abs(Double(own) - number) < 5e-4 + 1e-4 * abs(number), name)
      }
    }
  }
}
