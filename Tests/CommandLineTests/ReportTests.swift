import Foundation
import JSON
import Testing

/// Three models; `a` beats `b` to one judge in both orders, to the other only when shown first.
private func store(in folder: TemporaryFolder) throws -> String {
  let input = try folder.write(
    [
      #"{"id":"1","input":"Q","output":"the cat sat on the mat","candidates":[{"model":"a","text":"the cat sat on a mat"},{"model":"b","text":"a dog"},{"model":"c","text":"the cat"}]}"#,
      #"{"id":"2","input":"P","output":"one two three four","candidates":[{"model":"a","text":"one two"},{"model":"b","text":"one two three four"},{"model":"c","text":"x"}]}"#,
    ].joined(separator: "\n"), to: "test.jsonl")
  let verdicts = try folder.write(
    """
    {"id":"1","model_a":"a","model_b":"b","verdict":"A is better","judge":"steady"}
    {"id":"1","model_a":"b","model_b":"a","verdict":"B is better","judge":"steady"}
    {"id":"1","model_a":"a","model_b":"b","verdict":"A is better","judge":"fickle"}
    {"id":"1","model_a":"b","model_b":"a","verdict":"A is better","judge":"fickle"}
    """, to: "v.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  #expect(CommandRun("import", "--store", store, "--kind", "human", verdicts).status == 0)
  return store
}

private func report(_ words: [String]) throws -> JSONValue {
  let run = CommandRun(["evaluate", "--json"] + words)
  #expect(run.status == 0, "\(run.errorOutput)")
  return try JSONValue(json: run.output)
}

private func winRate(_ report: JSONValue) -> (value: Double?, n: Double?) {
  let rate = report["win_rates"]?["a"]?["b"]
  return (rate?["value"]?.number, rate?["n"]?.number)
}

@Test func judgesAreChosenWeighedAndTheirOrdersCombined() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  #expect(winRate(try report(["--store", store])) == (75, 4))
  #expect(winRate(try report(["--store", store, "--judge", "steady"])) == (100, 2))
  #expect(winRate(try report(["--store", store, "--weight", "fickle=0"])) == (100, 2))
  #expect(winRate(try report(["--store", store, "--weight", "fickle=0.5"])) == (100 * 2.5 / 3, 3))
  // A kind is weighed before a judge of that kind.
  let both = try report([
    "--store", store, "--weight", "human=0", "--weight", "fickle=2",
  ])
  #expect(winRate(both) == (50, 4))
  // The fickle judge's two verdicts make a tie: half a win.
  #expect(winRate(try report(["--store", store, "--orders", "agree-or-tie"])) == (75, 2))
  #expect(winRate(try report(["--store", store, "--orders", "first-only"])) == (100, 2))
  let notes = both["notes"]?.array?.compactMap(\.string) ?? []
  #expect(notes.contains("Verdicts of fickle (human, 2 verdicts, weight 2.0)."))
}

@Test(arguments: [
  (["--judge", "nobody"], "there is no judge 'nobody' with verdicts"),
  (["--weight", "nobody=1"], "a weight for 'nobody'"),
  (["--weight", "human"], "is not JUDGE=X"), (["--weight", "human=-1"], "is not JUDGE=X"),
  (["--weight", "human=0"], "no judge is left"),
]) func wrongChoicesAreOneClearLine(_ words: [String], _ message: String) throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  for verb in ["evaluate", "aggregate"] {
    let run = CommandRun([verb, "--store", store] + words)
    #expect(run.status == 64)
    #expect(run.errorOutput.contains(message), "\(run.errorOutput)")
  }
}

@Test func unjudgedExamplesCountAsNamed() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let excluded = try report(["--store", store])
  #expect(excluded["ranked_examples"] == 1)
  let first = try report(["--store", store, "--unjudged", "rank-all-first"])
  #expect(first["ranked_examples"] == 2)
  let rank = first["rows"]?.array?.first { $0["key"] == "b" }?["gpt_rank"]
  // Third of three, and first with all others.
  #expect(rank?["value"] == 2 && rank?["n"] == 2)
}

@Test func corporaAreScoredForEachModelAndSplit() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let rows = try #require(report(["--store", store])["corpus"]?["rows"]?.array)
  #expect(rows.map { $0["model"]?.string } == ["a", "b", "c"])
  #expect(rows.allSatisfy { $0["split"] == "test" && $0["n"] == 2 })
  #expect(rows[0]["values"]?["length_words"] == 4)
  #expect(rows[0]["values"]?["distinct1"] == 1)
  #expect(try report(["--store", store, "--no-corpus"])["corpus"] == nil)
  let text = CommandRun("evaluate", "--store", store).output
  #expect(text.contains("Answers of each model as a corpus"))
}

@Test func aRankingIsKeptUnderItsName() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let run = CommandRun(
    "aggregate", "--store", store, "--judge", "steady", "--orders", "average", "--json")
  #expect(try JSONValue(json: run.output)["ranking"] == "max-logits:steady, average")
  let named = CommandRun("aggregate", "--store", store, "--name", "mine", "--json")
  #expect(try JSONValue(json: named.output)["ranking"] == "mine")
}

@Test func linesCombineOrdersToo() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(
    #"{"id":"1","input":"Q","candidates":[{"model":"a","text":"x"},{"model":"b","text":"y"}],"cmp_results":{"a,b":"A is better","b,a":"Same good"}}"#,
    to: "in.jsonl")
  let out = folder.path("out.jsonl")
  func ranks(_ orders: String) throws -> JSONValue? {
    let run = CommandRun(
      "aggregate", "--input", input, "--output", out, "--orders", orders, "--json")
    #expect(try JSONValue(json: run.output) == ["lines": 1, "bad": 0])
    return try JSONValue(json: try #require(folder.lines("out.jsonl").first))["ranks"]
  }
  #expect(try ranks("each") == [1, 2])
  #expect(try ranks("agree-or-tie") == [1, 1])
  #expect(try ranks("average") == [1, 2])
  for words in [["--judge", "a"], ["--name", "x"], ["--weight", "a=1"]] {
    #expect(CommandRun(["aggregate", "--input", input] + words).status == 64)
  }
}

@Test func metricsSumUpInJSON() throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(
    """
    {"candidate":"the cat","reference":"the cat sat"}
    {"candidate":"x","reference":"y"}
    nonsense
    """, to: "in.jsonl")
  let run = CommandRun(
    "metrics", "--metrics", "all", "--corpus", "--json", "--input", input, "--output",
    folder.path("out.jsonl"))
  #expect(run.status == 65)
  let summary = try JSONValue(json: run.output)
  #expect(summary["lines"] == 3 && summary["bad"] == 1)
  #expect(summary["means"]?["rouge1"]?["f"]?.number == 0.4)
  #expect(summary["means"]?["length_words"] == 1.5)
  #expect(summary["corpus"]?["n"] == 2)
  #expect(summary["corpus"]?["chrf"]?.number ?? 0 > 0)
  let line = try JSONValue(json: try #require(folder.lines("out.jsonl").first))
  #expect(line["distinct4"] != nil && line["chrf"] != nil && line["rouge3"] == nil)
}

@Test func theTableOfSourcesComesInThreeForms() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  #expect(CommandRun("stats", "--store", store).output.hasPrefix("Sources\n"))
  #expect(
    CommandRun("stats", "--store", store, "--format", "csv").output.contains("Total,,2,1"))
  #expect(
    CommandRun("stats", "--store", store, "--format", "markdown").output.contains("| Total |"))
  let json = try JSONValue(json: CommandRun("stats", "--store", store, "--json").output)
  #expect(json["sources"]?.array?.last?["candidates"] == 6)
}
