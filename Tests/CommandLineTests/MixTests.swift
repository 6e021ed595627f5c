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
  let licenses = try #require(summary["licenses"]?.array)
  #expect(licenses.reduce(0) { $0 + ($1["count"]?.int ?? 0) } == 80)
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

/// A recipe as a file, with what a test changes of it.
private func recipe(refusalsWithin characters: Int, near threshold: Double) -> String {
  """
  {"name": "own", "seed": 7, "length_unit": "words",
   "sources": [{"source": "dolly", "quota": 25}, {"source": "alpaca-gpt4", "quota": 1000},
     {"source": "gpt4all", "quota": 1000}],
   "filters": [{"rule": "output-length", "at_least": 5, "at_most": 100},
     {"rule": "refusals", "within_characters": \(characters), "phrases": ["is the", "as an ai"]},
     {"rule": "near-duplicates", "threshold": \(threshold), "together": \(min(threshold, 0.6)),
      "shingle_words": 3, "bands": 25, "rows": 5}],
   "quotas": "after-filters", "splits": {"train": 40, "dev": 5, "test": 5}}
  """
}

/// What a threshold would do is what it does.
@Test(arguments: [
  ("max-output=40", "output-length", ["--max-output", "40"], 30, 0.8),
  ("quota:dolly=10", "quota", ["--quota", "dolly=10"], 30, 0.8),
  ("quota:dolly=1000", "quota", ["--quota", "dolly=1000"], 30, 0.8),
  ("train=20", "split-sizes", ["--train", "20"], 30, 0.8),
  ("test=30", "split-sizes", ["--test", "30"], 30, 0.8),
  ("refusals=5", "refusals", [], 5, 0.8), ("refusals=1000", "refusals", [], 1000, 0.8),
  ("near-duplicates=0.95", "near-duplicates", [], 30, 0.95),
]) func aWhatIfSaysWhatTheMixThenDoes(
  _ question: String, _ rule: String, _ options: [String], _ characters: Int, _ threshold: Double
) throws {
  let folder = try TemporaryFolder()
  let store = folder.path("a.db")
  let sources = repository.appending(path: "Data/sources").path
  for name in ["alpaca_gpt4.json", "dolly.jsonl", "gpt4all.jsonl.gz"] {
    #expect(CommandRun("ingest", "--store", store, "\(sources)/\(name)").status == 0)
  }
  func dropped(_ recipe: String, _ options: [String]) throws -> Int {
    let path = try folder.write(recipe, to: "recipe.json")
    let run = CommandRun(["mix", "--store", store, "--recipe", path, "--json"] + options)
    #expect(run.status == 0, "\(run.errorOutput)")
    return try JSONValue(json: run.output)["dropped: \(rule)"]?.int ?? 0
  }
  let before = try dropped(recipe(refusalsWithin: 30, near: 0.8), [])
  let run = CommandRun("explain", "--store", store, "--what-if", question, "--json")
  #expect(run.status == 0, "\(run.errorOutput)")
  let effect = try JSONValue(json: run.output)
  #expect(effect["dropped_before"]?.int == before)
  let after = try dropped(recipe(refusalsWithin: characters, near: threshold), options)
  #expect(effect["dropped_after"]?.int == after)
  #expect(after != before)
}

@Test(arguments: [
  ("quota:nothing=5", 64, "the last mix has no source 'nothing'"),
  ("max-output=x", 64, "expected one of max-output=N"),
  ("max-output", 64, "expected one of max-output=N"),
  ("near-duplicates=2", 64, "expected one of max-output=N"),
]) func aWhatIfThatCannotBeAnsweredSaysWhy(
  _ question: String, _ status: Int, _ message: String
) throws {
  let folder = try TemporaryFolder()
  let store = folder.path("a.db")
  let sources = repository.appending(path: "Data/sources").path
  #expect(CommandRun("ingest", "--store", store, "\(sources)/dolly.jsonl").status == 0)
  let early = CommandRun("explain", "--store", store, "--what-if", question)
  #expect(early.errorOutput.contains("there is no mix yet"))
  #expect(
    CommandRun("mix", "--store", store, "--train", "5", "--dev", "1", "--test", "1").status == 0)
  let run = CommandRun("explain", "--store", store, "--what-if", question)
  #expect(run.status == status)
  #expect(run.errorOutput.contains(message), "\(run.errorOutput)")
}
