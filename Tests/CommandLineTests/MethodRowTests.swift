import Foundation
import JSON
import SQLite
import Testing

/// Rankings, fused answers and several ways to score in the tables of `evaluate`.
@Suite struct MethodRowTests {
  private func store(in folder: TemporaryFolder) throws -> String {
    let input = try folder.write(
      [
        #"{"id":"1","input":"Q","output":"o","candidates":[{"model":"a","text":"x","scores":{"bleu":1}},{"model":"b","text":"y","scores":{"bleu":2}},{"model":"f","text":"z","scores":{"bleu":5},"fusion":{"parents":["a","b"]}}],"cmp_results":{"a,b":"A is better","f,a":"A is better","b,f":"Same good"}}"#,
        #"{"id":"2","input":"P","output":"o","candidates":[{"model":"a","text":"x","scores":{"bleu":3}},{"model":"b","text":"y","scores":{"bleu":4}}],"cmp_results":{"a,b":"B is better"}}"#,
      ].joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    try Connection(path: store, access: .readWrite).execute(
      """
      INSERT INTO rankings VALUES
        (1, 'r@1 full max-wins', '{"ranker":"r","kind":"pairranker","mode":"full max-wins"}', 1),
        (2, 's@2', '{"ranker":"s","kind":"simcls","mode":"scores"}', 1),
        (3, 'max-logits:all judges', '{"policy":"max-logits"}', 1);
      -- The first ranking puts the fusion first, then a; then b. The second ranks only one record.
      INSERT INTO ranks SELECT 1, candidate_id, 0,
        CASE model WHEN 'f' THEN 1 WHEN 'a' THEN 2 ELSE 3 END FROM candidates WHERE example_id = 1;
      INSERT INTO ranks SELECT 1, candidate_id, 0, CASE model WHEN 'b' THEN 1 ELSE 2 END
        FROM candidates WHERE example_id = 2;
      INSERT INTO ranks SELECT 2, candidate_id, 0, CASE model WHEN 'b' THEN 1 ELSE 2 END
        FROM candidates WHERE example_id = 1;
      INSERT INTO ranks SELECT 3, candidate_id, 0, 1 FROM candidates;
      """)
    return store
  }

  private func report(_ store: String) throws -> JSONValue {
    let run = CommandRun(["evaluate", "--store", store, "--json", "--no-corpus"])
    #expect(run.status == 0, "\(run.errorOutput)")
    return try JSONValue(json: run.output)
  }

  @Test func rankingsAndFusionsAreRows() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let report = try report(store)
    let rows = report["rows"]?.array ?? []
    func row(_ key: String) -> JSONValue? { rows.first { $0["key"]?.string == key } }
    // A fusion is no model, and takes no place from one.
    #expect(report["models"] == ["a", "b"])
    #expect(row("a")?["gpt_rank"]?["value"] == 1.5)
    let ranked = row("r@1 full max-wins")
    #expect(ranked?["label"] == "PairRanker, full max-wins (r@1)")
    #expect(ranked?["category"] == "Rankers" && ranked?["n"] == 2)
    // It chooses a, then b, and is right both times.
    #expect(ranked?["metrics"]?["bleu"]?["value"] == 2.5)
    #expect(ranked?["gpt_rank"]?["value"] == 1)
    let partly = row("s@2")
    #expect(partly?["label"] == "SimCLS (s@2)" && partly?["n"] == 1)
    #expect(partly?["gpt_rank"]?["value"] == 2)
    #expect(row("max-logits:all judges") == nil)
    let fused = row("f")
    #expect(fused?["category"] == "Fused" && fused?["n"] == 1)
    #expect(fused?["metrics"]?["bleu"]?["value"] == 5)
    // By max-logits: f beat a, a beat b, and the tie cancels: f 2, a 0, b -2.
    #expect(fused?["gpt_rank"]?["value"] == 1)
    #expect(fused?["at_least"]?["a"]?["percent_by_verdict"] == 100)
    #expect(fused?["at_least"]?["b"]?["percent_by_rank"] == 100)
    let correlation = report["correlations"]?["r@1 full max-wins"]
    #expect(correlation?["n"] == 2 && correlation?["spearman_footrule"] == 0)
    #expect(correlation?["pearson"] == 1)
    #expect(correlation?["pearson_per_example"]?["value"] == 1)
    #expect(report["correlations"]?["s@2"]?["spearman_footrule"] == 2)
    #expect(report["choices"]?["r@1 full max-wins"]?["first_percent"]?["a"] == 50)
    #expect(report["choices"]?["s@2"]?["first_percent"]?["b"] == 100)
    let page = CommandRun(
      "evaluate", "--store", store, "--format", "html", "--no-corpus")
    for part in ["id=\"ranks\"", "id=\"choices\"", "PairRanker, full max-wins (r@1)"] {
      #expect(page.output.contains(part))
    }
  }

  @Test func theWayToScoreIsChosenAndNamed() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    try Connection(path: store, access: .readWrite).execute(
      """
      INSERT INTO scorers VALUES (1, 'bleu', 'bleu|v1', 1), (2, 'bleu', 'bleu|v2', 1);
      INSERT INTO scores SELECT candidate_id, 1, 10 FROM candidates WHERE example_id = 1;
      INSERT INTO scores SELECT candidate_id, 2, 20 FROM candidates;
      """)
    func bleu(_ words: String...) throws -> (mean: Double?, signature: String?) {
      let run = CommandRun(["evaluate", "--store", store, "--json", "--no-corpus"] + words)
      let report = try JSONValue(json: run.output)
      let row = report["rows"]?.array?.first { $0["key"] == "a" }
      return (
        row?["metrics"]?["bleu"]?["value"]?.number, report["metrics"]?["bleu"]?["signature"]?.string
      )
    }
    #expect(try bleu() == (20, "bleu|v2"))
    #expect(try bleu("--scorer", "bleu|v1") == (10, "bleu|v1"))
    #expect(try bleu("--scorer", "v1") == (10, "bleu|v1"))
    #expect(try bleu("--scorer", "bleu, imported") == (2, "bleu, imported"))
    let notes = try report(store)["notes"]?.array?.compactMap(\.string) ?? []
    #expect(notes.contains { $0.contains("'bleu|v1' (3)") && $0.contains("--scorer") })
    for (words, message) in [
      (["--scorer", "bleu|"], "fits several"), (["--scorer", "x"], "there is no way to score 'x'"),
      (["--scorer", "v1", "--scorer", "v2"], "two ways to score bleu"),
    ] {
      let run = CommandRun(["evaluate", "--store", store] + words)
      #expect(run.status == 64)
      #expect(run.errorOutput.contains(message), "\(run.errorOutput)")
    }
  }
}
