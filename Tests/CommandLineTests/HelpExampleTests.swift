import CommandLineParsing
import Foundation
import Testing

@testable import mixinstruct

/// The command lines of all help screens that need no server and write nowhere else.
private let examples = Program.definition.allCommands.flatMap(\.command.examples)
  .map(\.commandLine)
  .filter { line in
    !["http://", "collect --", "replay", "| man", "> ~"].contains { line.contains($0) }
  }

@Test(.enabled(if: ShellCommand.isPossible))
func theExamplesOfTheHelpScreensWork() throws {
  #expect(examples.count >= 15)
  let folder = try TemporaryFolder()
  for (name, original) in [
    ("alpaca_gpt4.json", "Data/sources/alpaca_gpt4.json"), ("models.json", "Data/models.json"),
    ("dolly.jsonl", "Data/sources/dolly.jsonl"),
    ("alpaca-native", "Tests/MixingTests/Fixtures/llama/tokenizer"),
  ] {
    try FileManager.default.createSymbolicLink(
      at: folder.url.appending(path: name),
      withDestinationURL: repository.appending(path: original))
  }
  _ = try folder.write(#"{"question":"Why?","answer":"Because."}"#, to: "faq.jsonl")
  _ = try folder.write(#"{"candidate":"a b","reference":"a"}"#, to: "pairs.jsonl")
  _ = try folder.write(#"{"text":"a b"}"#, to: "texts.jsonl")
  _ = try folder.write(
    #"{"id":"x","instruction":"I","input":"","output":"o","candidates":[{"model":"a","text":"o"}]}"#,
    to: "test_data_prepared.jsonl")
  // In the order of the pipeline: what one writes, a later one reads.
  for example in examples {
    let shell = try ShellCommand(example, in: folder.url)
    let printed = shell.allLines()
    #expect(shell.status == 0, "\(example)\n\(printed.joined(separator: "\n"))")
  }
}
