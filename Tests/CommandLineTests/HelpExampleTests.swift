import CommandLineParsing
import Foundation
import Testing

@testable import mixinstruct

/// The command lines of all help screens that need no server and write nowhere else.
private let examples = Program.definition.allCommands.flatMap(\.command.examples)
  .map(\.commandLine)
  .filter { line in
    !["http://", "collect --", "judge --", "replay", "| man", "> ~", "models ", "annotate --"]
      .contains { line.contains($0) }
  }

@Test(.enabled(if: ShellCommand.isPossible))
func theExamplesOfTheHelpScreensWork() throws {
  #expect(examples.count >= 15)
  let folder = try TemporaryFolder()
  for owner in ["llm-blender", "microsoft"] {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: owner), withIntermediateDirectories: false)
  }
  let rankers = "Tests/RerankingTests/Fixtures"
  for (name, original) in [
    ("llm-blender/PairRM-hf", "\(rankers)/pairrm-hf/model"),
    ("llm-blender/gen_fuser_3b", "Tests/FusionTests/Fixtures/genfuser/model"),
    ("pairranker", "\(rankers)/pairranker/ranker"),
    ("microsoft/deberta-v3-large", "\(rankers)/pairranker/backbone"),
    ("alpaca_gpt4.json", "Data/sources/alpaca_gpt4.json"), ("models.json", "Data/models.json"),
    ("judges.json", "Data/judges.json"),
    ("dolly.jsonl", "Data/sources/dolly.jsonl"),
    ("alpaca-native", "Tests/MixingTests/Fixtures/llama/tokenizer"),
    ("bert_uncased_L-4_H-256_A-4", "Tests/NeuralMetricsTests/Fixtures/bertscore-bert/model"),
    ("BLEURT-20", "Tests/NeuralMetricsTests/Fixtures/bleurt-20"),
    ("bart-large-cnn", "Tests/NeuralMetricsTests/Fixtures/bartscore/model"),
    ("bart_score.pth", "Tests/NeuralMetricsTests/Fixtures/bart.pth"),
  ] {
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: name),
      withDestinationURL: repository.appending(path: original))
  }
  let seq2seq = folder.url.appending(path: "flan-t5")
  try FileManager.default.createDirectory(at: seq2seq, withIntermediateDirectories: true)
  for name in ["config.json", "model.safetensors"] {
    try FileManager.default.createSymbolicLink(
      at: seq2seq.appending(path: name),
      withDestinationURL: repository.appending(
        path: "Tests/PretrainedModelsTests/Fixtures/t5-v1_0/model/\(name)"))
  }
  _ = try folder.write(
    #"{"model":{"type":"WordLevel","vocab":{"<unk>":2,"a":3,"b":4},"unk_token":"<unk>"},"pre_tokenizer":{"type":"Whitespace"}}"#,
    to: "flan-t5/tokenizer.json")
  _ = try folder.write(#"{"question":"Why?","answer":"Because."}"#, to: "faq.jsonl")
  _ = try folder.write(#"{"candidate":"a b","reference":"a"}"#, to: "pairs.jsonl")
  _ = try folder.write(
    #"{"instruction":"a","input":"","candidate_a":"b","candidate_b":"c"}"#, to: "candidates.jsonl")
  let record = { (id: String) in
    #"{"id":"\#(id)","instruction":"\#(id)?","input":"","output":"o","candidates":[{"model":"vicuna-13b-1.1","text":"v"},{"model":"oasst-sft-4-pythia-12b-epoch-3.5","text":"s"}],"cmp_results":{"vicuna-13b-1.1,oasst-sft-4-pythia-12b-epoch-3.5":"A is better"}}"#
  }
  _ = try folder.write(record("x"), to: "test_data_prepared.jsonl")
  _ = try folder.write("[\(record("y"))]", to: "train_data.json")
  _ = try folder.write("[\(record("z"))]", to: "test_data.json")
  _ = try folder.write(#"{"text":"a b"}"#, to: "texts.jsonl")
  _ = try folder.write(
    #"[{"instruction":"x?","output_1":"b","generator_1":"base","output_2":"v","generator_2":"vicuna-13b-1.1","annotator":"gpt-4","preference":1.2}]"#,
    to: "annotations.json")
  _ = try folder.write(
    #"{"id":"x","model_a":"vicuna-13b-1.1","model_b":"oasst-sft-4-pythia-12b-epoch-3.5","verdict":"A is better"}"#,
    to: "gold.jsonl")
  _ = try folder.write(
    #"{"id":"x","derived_cmp_results":{"vicuna-13b-1.1,oasst-sft-4-pythia-12b-epoch-3.5":"Same good"}}"#,
    to: "labels.jsonl.gz")
  _ = try folder.write(
    #"{"fields":{"prompt":"x?","response-1":"v","response-2":"s"},"responses":{"preference":[{"value":"A","user_id":"u"}]}}"#,
    to: "records.json")
  // In the order of the pipeline: what one writes, a later one reads.
  for example in examples {
    let shell = try ShellCommand(example, in: folder.url)
    let printed = shell.allLines()
    // What it validates has findings: validate says so, and that is not a wrong example.
    let isDone = shell.status == 0 || shell.status == 65 && example.contains(" validate ")
    #expect(isDone, "\(example)\n\(printed.joined(separator: "\n"))")
  }
}
