import Foundation
import JSON
import Testing

/// A folder with a tokenizer: a small model of LLaMA's kind.
private let model = repository.appending(path: "Tests/MixingTests/Fixtures/llama/tokenizer")
  .path(percentEncoded: false)

/// Runs the verb on lines.
private func tokenize(
  _ lines: [String], _ words: String...
) throws -> (run: CommandRun, output: [JSONValue]) {
  let folder = try TemporaryFolder()
  let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
  let output = folder.path("out.jsonl")
  let run = CommandRun(
    ["tokenize", "--model", model, "--input", input, "--output", output] + words)
  let rows = FileManager.default.fileExists(atPath: output) ? try folder.lines("out.jsonl") : []
  return (run, try rows.map { try JSONValue(json: $0) })
}

@Suite struct TokenizeTests {
  @Test func writesALineOfIDsForEachLineOfText() throws {
    let lines = [#"{"text": "The cat sat."}"#, #"{"text": "", "more": 1}"#, #"{"text": "a</s>b"}"#]
    let (run, output) = try tokenize(lines)
    #expect(run.status == 0 && run.output.isEmpty && run.errorOutput.isEmpty)
    let ids = output.map { $0["ids"]?.array?.compactMap(\.int) ?? [] }
    #expect(output.allSatisfy { $0.object?.count == 1 })
    #expect(ids.count == 3 && ids.allSatisfy { $0.first == 1 })
    #expect(ids[1] == [1] && ids[2].contains(2))
    let bare = try tokenize(lines, "--no-special-tokens").output
    #expect(bare.map { $0["ids"]?.array?.count } == ids.map { $0.count - 1 })
    let short = try tokenize(lines, "--max-length", "3").output
    let cut = short.map { $0["ids"]?.array?.compactMap(\.int) ?? [] }
    #expect(cut == ids.map { Array($0.prefix(3)) })
  }

  @Test func turnsIDsIntoTextAgain() throws {
    let texts = ["The cat sat.", "naïve café 😀\n\tend", "", "  two  spaces"]
    let lines = texts.map { JSONValue.object(["text": .string($0)]).json() }
    let encoded = try tokenize(lines).output.map { $0.json() }
    let (run, output) = try tokenize(encoded, "--decode")
    #expect(run.status == 0)
    #expect(output.map { $0["text"]?.string } == texts)
  }

  @Test func namesBadLinesAndDoesTheRest() throws {
    let (run, output) = try tokenize([
      #"{"text": "a"}"#, #"{"text": 1}"#, "[]", "{", #"{"ids": [1]}"#, #"{"text": "b"}"#,
    ])
    #expect(run.status == 65)
    #expect(output.count == 6)
    #expect(output.map { $0["ids"] != nil } == [true, false, false, false, false, true])
    #expect(output[1]["error"]?.string?.contains("line 2: ") == true)
    #expect(run.errorOutput.split(separator: "\n").count == 4)
    let decoded = try tokenize(
      [
        #"{"ids": [1, 2]}"#, #"{"ids": [-1]}"#, #"{"ids": [1.5]}"#, #"{"ids": "a"}"#,
        #"{"ids": [4294967296]}"#, #"{"text": "a"}"#,
      ], "--decode")
    #expect(decoded.run.status == 65)
    #expect(decoded.output.map { $0["text"] != nil } == [true, false, false, false, false, false])
    #expect(decoded.output[1]["error"]?.string?.contains("-1 is no token id") == true)
  }

  @Test func refusesWhatCannotBe() throws {
    #expect(try tokenize(["{}"], "--decode", "--max-length", "3").run.status == 64)
    #expect(try tokenize(["{}"], "--max-length", "0").run.status == 64)
    #expect(CommandRun("tokenize").status == 64)
    let missing = CommandRun("tokenize", "--model", "/nonexistent/model", "--input", "/dev/null")
    #expect(missing.status == 66)
    #expect(missing.errorOutput.contains("/nonexistent/model: no such folder"))
    let folder = try TemporaryFolder()
    _ = try folder.write("{", to: "tokenizer.json")
    let broken = CommandRun("tokenize", "--model", folder.url.path, "--input", "/dev/null")
    #expect(broken.status == 65)
    #expect(broken.errorOutput.contains("tokenizer.json: not valid JSON"))
  }
}
