import Foundation
import JSON
import ProcessSignals
import Testing

@testable import mixinstruct

private let fixtures = repository.appending(path: "Tests/PretrainedModelsTests/Fixtures")
private let tokenizer = repository.appending(path: "Tests/MixingTests/Fixtures/llama/tokenizer")
  .path(percentEncoded: false)

private func model(_ name: String) -> String { fixtures.appending(path: "\(name)/model").path }

/// Runs the verb on lines.
private func generate(
  _ model: String, _ lines: [String], _ words: [String] = [],
  interrupt: InterruptFlag = InterruptFlag()
) throws -> (run: CommandRun, output: [JSONValue]) {
  let folder = try TemporaryFolder()
  let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
  let output = folder.path("out.jsonl")
  let run = CommandRun(
    ["generate", "--model", model, "--input", input, "--output", output] + words,
    interrupt: interrupt)
  let rows = FileManager.default.fileExists(atPath: output) ? try folder.lines("out.jsonl") : []
  return (run, try rows.map { try JSONValue(json: $0) })
}

private func lines(_ name: String, _ file: String) throws -> [JSONValue] {
  try String(contentsOf: fixtures.appending(path: "\(name)/\(file)"), encoding: .utf8)
    .split(separator: "\n").map { try JSONValue(json: String($0)) }
}

private func integers(_ value: JSONValue?) -> [Int] { value?.array?.compactMap(\.int) ?? [] }
private func numbers(_ value: JSONValue?) -> [Double] { value?.array?.compactMap(\.number) ?? [] }
private func line(_ ids: [Int]) -> String { #"{"ids": \#(ids)}"# }

@Suite struct GenerateTests {
  /// The options of a recorded configuration; nil when the verb has not all of them.
  private static func words(_ configuration: JSONObject) -> [String]? {
    let names = [
      "num_beams": "beams", "length_penalty": "length-penalty",
      "no_repeat_ngram_size": "no-repeat-ngram", "repetition_penalty": "repetition-penalty",
      "min_new_tokens": "min-new-tokens", "max_new_tokens": "max-new-tokens",
    ]
    var words: [String] = []
    for (key, value) in configuration.members.map({ ($0.key, $0.value) }) {
      if key == "num_return_sequences" { continue }
      if key == "early_stopping" {
        words.append(value.bool == true ? "--early-stopping" : "--no-early-stopping")
      } else if let name = names[key] {
        words += ["--\(name)", value.json()]
      } else {
        return nil
      }
    }
    return words
  }

  /// Ids exact, log-probabilities near, for all prompts of a configuration in one run.
  @Test(arguments: ["t5-v1_0", "t5-v1_1", "bart"])
  func writesTheReferencesSequences(_ name: String) throws {
    let inputs = try lines(name, "prompts.jsonl").map { line(integers($0["input_ids"])) }
    let expected = Dictionary(
      grouping: try lines(name, "expected.generate.jsonl"), by: { $0["config"]?.string ?? "" })
    let settings = try JSONValue(
      json: String(
        contentsOf: fixtures.appending(path: "\(name)/gen_configs.json"), encoding: .utf8))
    for member in try #require(settings.object).members {
      let configuration = try #require(member.value.object)
      let words = try #require(Self.words(configuration))
      let (run, output) = try generate(model(name), inputs, words + ["--batch-size", "3"])
      #expect(run.status == 0 && run.errorOutput.isEmpty, "\(run.errorOutput)")
      #expect(output.count == inputs.count)
      for row in expected[member.key] ?? [] {
        let prompt = try #require(row["prompt"]?.int)
        let result = output[prompt]
        #expect(result.object?.members.map(\.key) == ["text", "ids", "logprobs"])
        #expect(result["text"]?.isNull == true)
        #expect(
          integers(result["ids"]) == integers(row["sequences"]?.array?.first), "\(member.key)")
        let recorded = numbers(row["token_logprobs"]?.array?.first)
        let own = numbers(result["logprobs"])
        #expect(own.count == recorded.count && own.count == integers(result["ids"]).count - 1)
        for (own, recorded) in zip(own, recorded) {
          #expect(abs(own - recorded) < 5e-4 + 1e-4 * abs(recorded))
        }
      }
    }
  }

  /// What `generation_config.json` says holds until an option says something else.
  @Test func followsTheModelsOwnSettings() throws {
    let folder = try TemporaryFolder()
    for file in ["config.json", "model.safetensors"] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appending(path: file),
        withDestinationURL: fixtures.appending(path: "bart/model/\(file)"))
    }
    _ = try folder.write(
      """
      {"decoder_start_token_id": 2, "eos_token_id": 2, "forced_eos_token_id": 2, "pad_token_id": 1,
       "num_beams": 4, "length_penalty": 2.0, "early_stopping": true, "no_repeat_ngram_size": 2,
       "max_length": 19}
      """, to: "generation_config.json")
    let prompts = try lines("bart", "prompts.jsonl").map { line(integers($0["input_ids"])) }
    let own = try generate(folder.url.path, prompts).output
    let told = try generate(
      model("bart"), prompts,
      ["--beams", "4", "--length-penalty", "2", "--early-stopping", "--no-repeat-ngram", "2"]
        + ["--max-new-tokens", "18"]
    ).output
    #expect(own.count == prompts.count && own == told)
    let greedy = try generate(
      folder.url.path, prompts,
      ["--beams", "1", "--no-repeat-ngram", "0", "--max-new-tokens", "18"]
    ).output
    let plain = try generate(model("bart"), prompts, ["--max-new-tokens", "18"]).output
    #expect(greedy == plain && greedy != own)
    // Nobody says a length: transformers' 20, the start token included; the end is forced.
    let long = try generate(model("bart"), prompts).output.map { integers($0["ids"]) }
    #expect(long.allSatisfy { $0.count <= 20 && $0.last == 2 })
  }

  @Test func keepsTheOrderAndNamesBadLines() throws {
    let good = try lines("t5-v1_0", "prompts.jsonl").map { line(integers($0["input_ids"])) }
    let bad = [
      #"{"ids": []}"#, #"{"ids": [5, 120]}"#, #"{"ids": [-1]}"#, #"{"ids": "a"}"#, "[]", "{",
      #"{"text": "a"}"#, #"{"text": "a", "ids": [1]}"#, "{}",
    ]
    var mixed: [String] = []
    for (index, text) in bad.enumerated() { mixed += [good[index % good.count], text] }
    mixed.append(good[0])
    for size in ["1", "4", "64"] {
      let words = ["--batch-size", size, "--max-new-tokens", "6"]
      let (run, output) = try generate(model("t5-v1_0"), mixed, words)
      #expect(run.status == 65)
      #expect(output.count == mixed.count)
      let alone = try generate(model("t5-v1_0"), good, words).output
      for (index, value) in output.enumerated() {
        if index.isMultiple(of: 2) {
          let place = index == mixed.count - 1 ? 0 : index / 2 % good.count
          #expect(integers(value["ids"]) == integers(alone[place]["ids"]))
        } else {
          #expect(value["error"]?.string?.contains("line \(index + 1): ") == true)
        }
      }
      let messages = run.errorOutput.split(separator: "\n")
      #expect(messages.count == bad.count)
      for (index, message) in messages.enumerated() {
        #expect(message.contains("line \(2 * index + 2): "), "\(message)")
      }
    }
  }

  @Test func readsAndWritesTextWhereThereIsATokenizer() throws {
    // The tokenizer has more ids than the model: what it may not read is a bad line.
    let (run, output) = try generate(
      model("t5-v1_0"), [#"{"text": ""}"#, #"{"ids": [1]}"#, #"{"text": "The cat sat."}"#],
      ["--tokenizer", tokenizer, "--max-new-tokens", "4"])
    #expect(run.status == 65 && output.count == 3)
    // An empty text is the tokenizer's first token alone.
    #expect(output[0] == output[1])
    #expect(output[0]["text"]?.string != nil)
    #expect(output[2]["error"]?.string?.contains("is not in the vocabulary") == true)
    let cut = try generate(
      model("t5-v1_0"), [#"{"text": "The cat sat."}"#, #"{"ids": [1, 7, 9]}"#],
      ["--tokenizer", tokenizer, "--max-new-tokens", "4", "--max-length", "1"])
    #expect(cut.run.status == 0)
    #expect(cut.output == [output[0], output[0]])
  }

  @Test func drawsTheSameWithTheSameSeed() throws {
    let prompts = try lines("t5-v1_1", "prompts.jsonl").map { line(integers($0["input_ids"])) }
    func drawn(_ words: String...) throws -> [[Int]] {
      let (run, output) = try generate(
        model("t5-v1_1"), prompts, words + ["--max-new-tokens", "12", "--min-new-tokens", "12"])
      #expect(run.status == 0)
      return output.map { integers($0["ids"]) }
    }
    let first = try drawn("--seed", "3", "--top-k", "0")
    #expect(try drawn("--seed", "3", "--top-k", "0", "--batch-size", "2") == first)
    #expect(try drawn("--seed", "4", "--top-k", "0") != first)
    let greedy = try drawn()
    #expect(greedy != first)
    #expect(try drawn("--seed", "3", "--top-k", "1") == greedy)
    #expect(try drawn("--temperature", "0.0001") == greedy)
    #expect(try drawn("--top-p", "0.000001") == greedy)
  }

  @Test(arguments: ["bf16", "int8"])
  func lowerPrecisionsStayNear(_ precision: String) throws {
    let prompts = try lines("t5-v1_1", "prompts.jsonl").map { line(integers($0["input_ids"])) }
    let words = ["--max-new-tokens", "1"]
    let exact = try generate(model("t5-v1_1"), prompts, words).output
    let near = try generate(
      model("t5-v1_1"), prompts, words + ["--precision", precision, "--threads", "1"])
    #expect(near.run.status == 0 && near.output.count == exact.count)
    for (near, exact) in zip(near.output, exact) where near["ids"] == exact["ids"] {
      // Vectors of 32 numbers are quantised coarsely.
      #expect(abs(numbers(near["logprobs"])[0] - numbers(exact["logprobs"])[0]) < 0.4)
    }
  }

  @Test func summarises() throws {
    let (run, output) = try generate(
      model("t5-v1_0"), [line([5, 1]), "{"], ["--json", "--max-new-tokens", "5"])
    let summary = try JSONValue(json: run.output)
    #expect(summary["lines"]?.int == 2 && summary["bad"]?.int == 1)
    #expect(summary["tokens"]?.int == integers(output[0]["ids"]).count - 1)
    #expect(summary["precision"]?.string == "float32")
    #expect(try generate(model("t5-v1_0"), []).run.status == 0)
  }

  @Test func refusesWhatCannotBe() throws {
    let t5 = model("t5-v1_0")
    for words in [
      ["--beams", "0"], ["--min-new-tokens", "9", "--max-new-tokens", "8"], ["--top-p", "0"],
      ["--precision", "fp16"], ["--beams", "2", "--seed", "1"], ["--batch-size", "0"],
      ["--repetition-penalty", "0"], ["--threads", "0"], ["--max-length", "0"],
      ["--early-stopping", "--no-early-stopping"],
    ] {
      #expect(try generate(t5, ["{}"], words).run.status == 64, "\(words)")
    }
    let tooLong = try generate(model("bart"), ["{}"], ["--max-new-tokens", "5000"])
    #expect(tooLong.run.status == 64)
    #expect(tooLong.run.errorOutput.contains("max new tokens is 5000"))
    let missing = try generate("/nonexistent/model", ["{}"])
    #expect(missing.run.status == 66)
    let folder = try TemporaryFolder()
    #expect(try generate(folder.url.path, ["{}"]).run.status == 66)
    _ = try folder.write(#"{"model_type": "bert"}"#, to: "config.json")
    let other = try generate(folder.url.path, ["{}"])
    #expect(other.run.status == 65)
    #expect(other.run.errorOutput.contains("expected an encoder-decoder: 't5', 'mt5', 'bart'"))
  }

  @Test func stopsBetweenTokens() throws {
    let flag = InterruptFlag()
    flag.raise()
    let (run, output) = try generate(model("t5-v1_0"), [line([5, 1])], interrupt: flag)
    #expect(run.status == 130 && output.isEmpty)
  }
}
