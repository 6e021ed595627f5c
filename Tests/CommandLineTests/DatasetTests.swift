import Foundation
import JSON
import Testing

private let records = [
  #"{"id":"unified_chip2/1","instruction":"","input":"Q","output":"the cat sat","candidates":[{"decoding_method":"greedy","model":"a","text":"the cat","scores":{"bleu":1.5}},{"model":"b","text":"a dog","note":[1]},{"model":"c","text":""}],"cmp_results":"{\"a,b\": \"A is better\", \"b,c\": \"Same bad\", \"c,a\": \"B is better\"}","extra":{"k":null}}"#,
  #"{"id":"x","instruction":"I","input":"J","output":["r1","r2"],"candidates":[]}"#,
  #"{"id":"x","instruction":"I2","input":"J2","output":"r","candidates":[{"model":"a","text":"é"}],"cmp_results":null}"#,
]

@Test(arguments: ["test.jsonl", "test.json", "test.jsonl.gz", "test.json.zst"])
func importThenExportGivesEqualRecords(_ name: String) throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(records.joined(separator: "\n") + "\n", to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, "--split", "test", input).status == 0)
  // Through the other form and back.
  let middle = folder.path(name)
  #expect(CommandRun("export", "--store", store, "--output", middle).status == 0)
  let second = folder.path("b.db")
  #expect(CommandRun("import", "--store", second, "--split", "test", middle).status == 0)
  #expect(
    CommandRun("export", "--store", second, "--output", folder.path("out.jsonl")).status == 0)
  let read = try folder.lines("out.jsonl").map { try JSONValue(json: $0) }
  #expect(read == (try records.map { try JSONValue(json: $0) }))
}

@Test func importingTheSameBytesAgainChangesNothing() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(records.joined(separator: "\n"), to: "in.jsonl")
  let copy = try folder.write(records.joined(separator: "\n"), to: "copy.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  let again = CommandRun("import", "--store", store, "--json", copy)
  #expect(try JSONValue(json: again.output)["already there"] == 3)
  #expect(try JSONValue(json: again.output)["kept"] == 0)
}

@Test func aBrokenLineIsNamedAndTheRestGoesOn() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(records[0] + "\n{\"id\": 1\n" + records[1], to: "in.jsonl")
  let run = CommandRun("import", "--store", folder.path("a.db"), "--json", input)
  #expect(try JSONValue(json: run.output)["kept"] == 2)
  #expect(run.errorOutput.contains("in.jsonl, line 2: not valid JSON"))
  let strict = CommandRun("import", "--store", folder.path("b.db"), "--strict", input)
  #expect(strict.status == 65)
  #expect(strict.errorOutput.contains("line 2"))
}

@Test func scoresAreComputedOnceAndExported() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(records[0], to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  let first = CommandRun("score", "--store", store, "--metrics", "rouge1,bleu", "--json")
  #expect(try JSONValue(json: first.output)["scored"] == 3)
  let second = CommandRun("score", "--store", store, "--metrics", "rouge1,bleu", "--json")
  #expect(try JSONValue(json: second.output)["scored"] == 0)
  #expect(
    CommandRun("export", "--store", store, "--output", folder.path("out.jsonl")).status == 0)
  let candidate = try JSONValue(json: #require(folder.lines("out.jsonl").first))["candidates"]?
    .array?.first
  #expect(candidate?["scores"]?["rouge1"]?.number == 0.8)
  // An imported score stays what it was.
  #expect(candidate?["scores"]?["bleu"]?.number == 1.5)
}

@Test func aggregateWorksOnLinesAndOnTheStore() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(records[0] + "\nnonsense\n" + records[0], to: "in.jsonl")
  let run = CommandRun("aggregate", "--input", input, "--output", folder.path("ranks.jsonl"))
  #expect(run.status == 65)
  #expect(run.errorOutput.contains("line 2"))
  let lines = try folder.lines("ranks.jsonl").map { try JSONValue(json: $0) }
  try #require(lines.count == 3)
  #expect(lines[0]["ranks"] == [1, 2, 2])
  #expect(lines[1]["error"] != nil)
  #expect(lines[2] == lines[0])
}

@Test func ranksNeedNoPrompt() throws {
  let folder = try TemporaryFolder()
  let line =
    #"{"id":"a","candidates":[{"model":"m","text":"x"},{"model":"n","text":"y"}],"cmp_results":{"m,n":"B is better"}}"#
  let input = try folder.write(line, to: "in.jsonl")
  let run = CommandRun("aggregate", "--input", input, "--output", folder.path("out.jsonl"))
  #expect(run.status == 0)
  #expect(try JSONValue(json: try folder.lines("out.jsonl").joined())["ranks"] == [2, 1])
  // A dataset does need it.
  let imported = CommandRun("import", "--store", folder.path("a.db"), input, "--json")
  #expect(try JSONValue(json: imported.output)["dropped: missing-field"] == 1)
}

@Test func metricsWritesALineForEachLine() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(
    "{\"candidate\":\"the cat\",\"reference\":\"the cat sat\"}\n{\"candidate\":1,\"reference\":\"\"}\n",
    to: "in.jsonl")
  let run = CommandRun(
    "metrics", "--metrics", "rouge1,bleu", "--input", input, "--output", folder.path("out.jsonl"))
  #expect(run.status == 65)
  let lines = try folder.lines("out.jsonl").map { try JSONValue(json: $0) }
  try #require(lines.count == 2)
  #expect(lines[0]["rouge1"]?["f"]?.number == 0.8)
  #expect(lines[0]["bleu"]?.number != nil)
  #expect(lines[1]["error"]?.string?.contains("candidate is a number") == true)
}

@Test func verdictsOfOtherToolsJoinTheLedger() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(records[0], to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  let verdicts = try folder.write(
    """
    {"id":"unified_chip2/1","model_a":"c","model_b":"b","verdict":"A is better","judge":"ann"}
    {"id":"unified_chip2/1","model_a":"c","model_b":"z","verdict":"A is better","judge":"ann"}
    {"id":"nobody","model_a":"c","model_b":"b","verdict":"A is better","judge":"ann"}
    """, to: "votes.jsonl")
  let run = CommandRun("import", "--store", store, "--format", "verdicts", "--json", verdicts)
  let summary = try JSONValue(json: run.output)
  #expect(summary["kept"] == 1)
  #expect(summary["without candidate"] == 1)
  #expect(summary["without example"] == 1)
  #expect(
    CommandRun(
      "export", "--store", store, "--judge", "ann", "--native", "--output",
      folder.path("out.jsonl")
    ).status == 0)
  let record = try JSONValue(json: #require(folder.lines("out.jsonl").first))
  #expect(record["cmp_results"] == ["c,b": "A is better"])
}
