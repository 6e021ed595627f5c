import Foundation
import JSON
import Testing

@Test func theShippedSourcesBecomeACleanMix() throws {
  let folder = try TemporaryFolder()
  let store = folder.path("a.db")
  let sources = repository.appending(path: "Data/sources").path
  for name in ["alpaca_gpt4.json", "dolly.jsonl", "gpt4all.jsonl.gz", "sharegpt.json"] {
    #expect(CommandRun("ingest", "--store", store, "\(sources)/\(name)").status == 0)
  }
  let mix = CommandRun(
    "mix", "--store", store, "--recipe", "clean", "--train", "60", "--dev", "10", "--test", "10",
    "--json")
  #expect(mix.status == 0)
  let summary = try JSONValue(json: mix.output)
  #expect(summary["read"] == 150)
  #expect(summary["kept"] == 80)
  #expect(summary["dropped: near-duplicates"] == 6)
  // The same mix again is nothing to do; another one replaces it.
  let again = CommandRun(
    "mix", "--store", store, "--recipe", "clean", "--train", "60", "--dev", "10", "--test", "10")
  #expect(again.errorOutput.contains("nothing to do"))
  #expect(
    CommandRun("mix", "--store", store, "--train", "5", "--dev", "1", "--test", "1").status == 0)
  #expect(
    CommandRun("export", "--store", store, "--output", folder.path("out.jsonl")).status == 0)
  #expect(try folder.lines("out.jsonl").count == 7)
  #expect(CommandRun("validate", "--store", store).status == 0)
  // A place is worth little without the file it is in, a row's number without the identifier.
  let explained = CommandRun("explain", "--store", store).output
  #expect(explained.contains("itwgpt4/34  measured 0.923, threshold 0.800\n"))
  #expect(explained.contains("[kept instead: itwgpt4/1] A rainbow appears"))
  #expect(explained.contains("\(sources)/alpaca_gpt4.json, element 18\n"))
  #expect(explained.contains("\(sources)/sharegpt.json, element 11: aX1oSeD_0\n"))
  let whatIf = CommandRun("explain", "--store", store, "--what-if", "max-output=40", "--json")
  #expect(try JSONValue(json: whatIf.output)["exact"] == true)
}

@Test func aMixWithoutSourcesSaysWhatToDo() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(#"{"id":"a","input":"Q","candidates":[]}"#, to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  let mix = CommandRun("mix", "--store", store)
  #expect(mix.status == 64)
  #expect(mix.errorOutput.contains("'ingest' them first"))
}
