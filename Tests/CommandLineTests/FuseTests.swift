import Foundation
import JSON
import ProcessSignals
import SQLite
import Testing

private let fixtures = repository.appending(path: "Tests/FusionTests/Fixtures/genfuser")
private let fuser = fixtures.appending(path: "model").path(percentEncoded: false)
private let rankers = repository.appending(path: "Tests/RerankingTests/Fixtures")
private let limits = ["--max-length", "210", "--candidate-max-length", "20"]

private func ranker(_ name: String) -> [String] {
  ["--ranker", rankers.appending(path: "\(name)/model").path(percentEncoded: false)]
}

private func rows(_ name: String) throws -> [JSONValue] {
  try Data(contentsOf: fixtures.appending(path: name)).split(separator: UInt8(ascii: "\n"))
    .map { try JSONParser().value(of: Data($0)) }
}

/// A recorded case as a MixInstruct record.
private func record(_ row: JSONValue, ranks: [Int]? = nil, order: [Int]? = nil) -> String {
  let texts = row["candidates"]?.array ?? []
  let candidates = (order ?? Array(texts.indices)).map { number in
    JSONValue.object(["model": .string("model-\(number)"), "text": texts[number]])
  }
  var object: JSONObject = [
    "id": row["id"] ?? .null, "instruction": row["instruction"] ?? .null,
    "input": row["input"] ?? .null, "candidates": .array(candidates),
  ]
  if let ranks { object["ranks"] = .array(ranks.map { .integer(Int64($0)) }) }
  return object.json()
}

private func fuse(
  _ lines: [String], _ words: [String]
) throws -> (run: CommandRun, output: [JSONValue]) {
  let folder = try TemporaryFolder()
  let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
  let output = folder.path("out.jsonl")
  let run = CommandRun(["fuse", "--fuser", fuser, "--input", input, "--output", output] + words)
  let rows = FileManager.default.fileExists(atPath: output) ? try folder.lines("out.jsonl") : []
  return (run, try rows.map { try JSONValue(json: $0) })
}

/// `fuse` as a filter.
@Suite struct FuseFilterTests {
  @Test func writesTheReferencesFusions() throws {
    let expected = try rows("expected.jsonl")
    let (run, output) = try fuse(try rows("cases.jsonl").map { record($0) }, limits)
    #expect(run.status == 0 && run.errorOutput.isEmpty, "\(run.errorOutput)")
    #expect(output.count == expected.count)
    for (line, row) in zip(output, expected) {
      #expect(line.object?.members.map(\.key) == ["id", "text", "ids"])
      #expect(line["id"] == row["id"])
      #expect(line["ids"] == row["output_ids"])
      #expect(line["text"] == row["output"])
    }
  }

  /// The best come first, whatever their places; the worst is left out.
  @Test func takesTheRanksOfTheRecord() throws {
    let row = try rows("cases.jsonl")[0]
    let plain = try fuse([record(row)], limits).output
    let ranked = try fuse([record(row, ranks: [2, 3, 1], order: [1, 2, 0])], limits).output
    #expect(ranked == plain)
    let two = try fuse([record(row, ranks: [2, 3, 1])], limits + ["--top-k", "2"]).output
    let swapped = try fuse([record(row, order: [2, 0])], limits).output
    #expect(two == swapped && two != plain)
  }

  /// A ranker's order is the order of `rank`.
  @Test func takesTheOrderOfARanker() throws {
    let lines = try rows("cases.jsonl").map { record($0) }
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let ranks = CommandRun(
      ["rank", "--input", input, "--output", folder.path("ranks.jsonl")] + ranker("reward-deberta"))
    #expect(ranks.status == 0, "\(ranks.errorOutput)")
    let orders = try folder.lines("ranks.jsonl").map {
      (try JSONValue(json: $0))["ranks"]?.array?.compactMap(\.int) ?? []
    }
    let given = try zip(rows("cases.jsonl"), orders).map { record($0, ranks: $1) }
    let (run, output) = try fuse(lines, limits + ranker("reward-deberta"))
    #expect(run.status == 0, "\(run.errorOutput)")
    #expect(output == (try fuse(given, limits).output))
    #expect(output != (try fuse(lines, limits).output))
  }

  @Test func badLinesAreNamedAndTheRestIsDone() throws {
    let row = try rows("cases.jsonl")[0]
    let (run, output) = try fuse(
      [
        #"{"id":"none","instruction":"a","input":"","candidates":[]}"#, record(row, ranks: [1, 2]),
        "[]", record(row),
      ], limits)
    #expect(run.status == 65)
    #expect(output.count == 4)
    #expect(output[0]["error"]?.string?.contains("no candidate") == true)
    #expect(output[1]["error"]?.string?.contains("ranks is [1,2]: expected 3") == true)
    #expect(output[2]["error"]?.string?.contains("line 3") == true)
    #expect(output[3]["ids"] == (try rows("expected.jsonl")[0]["output_ids"]))
  }

  @Test func optionsThatDoNotGoTogetherAreRefused() throws {
    for words in [
      ["--keep-if-better"], ["--ranking", "x"], ["--backbone", "x"],
      ["--store", "x.db", "--keep-if-better"],
    ] {
      #expect(CommandRun(["fuse", "--fuser", fuser] + words).status == 64, "\(words)")
    }
  }
}

/// `fuse` over a store.
@Suite struct FuseStoreTests {
  private static let contents = """
    SELECT json_array(example_id, position, model, decoding_method, text, additional_fields)
    FROM candidates
    """
  private static let fusions = "candidates WHERE additional_fields IS NOT NULL"

  private func store(in folder: TemporaryFolder, copies: Int = 1) throws -> String {
    let cases = try rows("cases.jsonl")
    let lines = (0..<copies).flatMap { copy in
      cases.map { row in
        var object = row.object ?? [:]
        object["id"] = .string("\(copy)/\(row["id"]?.json() ?? "")")
        if copies > 1 {
          object["instruction"] = .string("\(row["instruction"]?.string ?? "") \(copy)")
        }
        return record(.object(object))
      }
    }
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("\(UUID().uuidString).db")
    let run = CommandRun("import", "--store", store, input)
    #expect(run.status == 0, "\(run.errorOutput)")
    return store
  }

  private func fuse(_ store: String, _ words: [String] = []) throws -> JSONValue {
    let run = CommandRun(["fuse", "--store", store, "--fuser", fuser, "--json"] + limits + words)
    #expect(run.status == 0, "\(run.errorOutput)")
    return try JSONValue(json: run.output)
  }

  @Test func fusionsAreCandidates() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let first = try fuse(store, ["--name", "fused"])
    #expect(first["fused"]?.int == 7 && first["kept"]?.int == 7 && first["examples"]?.int == 7)
    let contents = StoreContents(store)
    let texts = try contents.rows("SELECT text FROM candidates WHERE model = 'fused'")
    #expect(texts == (try rows("expected.jsonl")).compactMap { $0["output"]?.string }.sorted())
    let fields = try JSONValue(
      json: contents.rows(
        "SELECT additional_fields FROM candidates WHERE model = 'fused' AND example_id = 1")[0])
    #expect(fields["fusion"]?["parents"] == ["model-0", "model-1", "model-2"])
    #expect(fields["fusion"]?["beams"]?.int == 4 && fields["fusion"]?["max_new_tokens"]?.int == 20)
    let kept = try contents.rows(Self.contents)
    // Again: nothing to do, and no fusion of fusions.
    let again = try fuse(store, ["--name", "fused"])
    #expect(again["fused"]?.int == 0 && again["known"]?.int == 7)
    #expect(try contents.rows(Self.contents) == kept)
    // Other parameters would be another fuser under the same name.
    let clash = CommandRun(
      ["fuse", "--store", store, "--fuser", fuser, "--name", "fused", "--beams", "1"] + limits)
    #expect(clash.status == 64 && clash.errorOutput.contains("--name"), "\(clash.errorOutput)")
    let greedy = try fuse(store, ["--beams", "1"])
    #expect(greedy["fused"]?.int == 7)
    let parents = try contents.rows(
      """
      SELECT json_extract(additional_fields, '$.fusion.parents') FROM candidates
      WHERE decoding_method = 'greedy'
      """)
    #expect(!parents.isEmpty && parents.allSatisfy { !$0.contains("fused") })
    // They are scored, ranked and exported like any other.
    let scored = CommandRun("score", "--store", store, "--metrics", "length_words")
    #expect(scored.status == 0, "\(scored.errorOutput)")
    let ranked = CommandRun(["rank", "--store", store] + ranker("reward-deberta"))
    #expect(ranked.status == 0, "\(ranked.errorOutput)")
    #expect(try contents.count("ranks") == contents.count("candidates"))
    let output = folder.path("out.jsonl")
    let export = CommandRun(
      "export", "--store", store, "--format", "mixinstruct", "--output", output)
    #expect(export.status == 0, "\(export.errorOutput)")
    let exported = try folder.lines("out.jsonl")
    #expect(exported.count == 7 && exported.allSatisfy { $0.contains(#""model":"fused""#) })
    let back = try JSONValue(json: exported[0])["candidates"]?.array?.last
    #expect(back?["fusion"]?["signature"] != nil)
  }

  @Test func theRankingSaysWhichAreTheBest() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder, copies: 3)
    let words = ranker("pairrm-hf")
    #expect(CommandRun(["rank", "--store", store, "--name", "mine"] + words).status == 0)
    // The latest ranking, a named one and the ranker itself all choose the same parents.
    let kept = try fuse(store, ["--top-k", "2"])["kept"]?.int ?? 0
    #expect(kept > 7)
    _ = try fuse(store, ["--top-k", "2", "--ranking", "mine"])
    let byRanker = try fuse(store, ["--top-k", "2"] + words)
    #expect(byRanker["fused"]?.int == 21)
    let contents = StoreContents(store)
    let all = try contents.rows(
      """
      SELECT json_array(example_id, json_extract(additional_fields, '$.fusion.parents'), text)
      FROM candidates WHERE additional_fields IS NOT NULL
      """)
    #expect(all.count == 3 * kept && Set(all).count == kept)
    let parents = """
      candidates f, json_each(f.additional_fields, '$.fusion.parent_positions') p
      JOIN candidates c ON c.example_id = f.example_id AND c.position = p.value
      JOIN ranks r ON r.candidate_id = c.candidate_id
      """
    #expect(try contents.count("\(parents) WHERE p.key = 0 AND r.rank > 1") == 0)
    #expect(try contents.count("\(parents) WHERE p.key = 1 AND r.rank > 2") == 0)
    #expect(try contents.count("\(parents) WHERE p.key = 0 AND c.position > 0") > 0)
    let none = CommandRun("fuse", "--store", store, "--fuser", fuser, "--ranking", "yours")
    #expect(none.status == 64 && none.errorOutput.contains("'mine'"), "\(none.errorOutput)")
  }

  /// What the ranker does not prefer is recorded, and is not made again.
  @Test(arguments: ["pairrm-hf", "reward-deberta"])
  func keepsOnlyWhatIsBetter(_ name: String) throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder, copies: 6)
    let all = try fuse(store, ranker(name) + ["--name", "all"])
    let count = try #require(all["kept"]?.int)
    let gain = try #require(all["report"]?["rankers"]?.array?.first)
    let better = try #require(gain["better"]?.int)
    #expect(gain["compared"]?.int == count && count + (all["empty"]?.int ?? 0) == 42)
    #expect(better > 0 && better < count)
    let words = ranker(name) + ["--name", "better", "--keep-if-better", "--beams", "4"]
    let other = try self.store(in: folder, copies: 6)
    let some = try fuse(other, words)
    #expect(some["kept"]?.int == better && some["fused"]?.int == 42)
    #expect(some["not better"]?.int == count - better)
    let mean = some["report"]?["rankers"]?.array?.first?["mean_gain"]?.number ?? .nan
    #expect(abs(mean - (gain["mean_gain"]?.number ?? .nan)) < 1e-9)
    let kept = StoreContents(other)
    #expect(try kept.count("candidates WHERE model = 'better'") == better)
    #expect(
      try kept.count("dropped_records WHERE stage = 'fuse' AND measured <= 0") == count - better)
    let again = try fuse(other, words)
    #expect(again["fused"]?.int == 0 && again["known"]?.int == 42)
    #expect(again["report"] == some["report"])
    // Verdicts of a ranker that compares pairs are in the ledger, those on the fusion as well.
    let contents = StoreContents(store)
    if name == "pairrm-hf" {
      let margins = try contents.rows(
        """
        SELECT abs((a.logit - b.logit) / 2 - json_extract(c.additional_fields, '$.fusion.margin'))
          < 1e-9 FROM candidates c JOIN verdicts a ON a.candidate_a = c.candidate_id
        JOIN verdicts b ON b.candidate_b = c.candidate_id WHERE c.model = 'all'
        """)
      #expect(margins == Array(repeating: "1", count: count))
    } else {
      #expect(try contents.count("verdicts") == 0)
    }
  }

  /// Gains by metrics appear once both are scored.
  @Test func theReportTakesScores() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    try Connection(path: store, access: .readWrite).execute(
      "UPDATE examples SET output = 'algorithm'")
    let before = try fuse(store)
    #expect(before["report"]?["metrics"]?.array?.isEmpty == true)
    #expect(CommandRun("score", "--store", store, "--metrics", "rouge1,bleu").status == 0)
    let after = try fuse(store)
    let metrics = try #require(after["report"]?["metrics"]?.array)
    #expect(metrics.map { $0["metric"]?.string } == ["rouge1", "bleu"])
    #expect(metrics.allSatisfy { $0["compared"]?.int == 7 })
    // The fusions hold the word, the candidates do not.
    #expect(metrics[0]["better"]?.int ?? 0 > 0 && metrics[0]["losses"]?.int == 0)
  }

  /// Ctrl-C keeps whole groups, and the rest comes out as it would have.
  @Test func goesOnWhereItWasStopped() throws {
    let folder = try TemporaryFolder()
    let whole = try store(in: folder, copies: 5)
    _ = try fuse(whole)
    let stopped = try store(in: folder, copies: 5)
    let interrupt = InterruptFlag()
    _ = interrupt.raise()
    let run = CommandRun(
      ["fuse", "--store", stopped, "--fuser", fuser] + limits, interrupt: interrupt)
    #expect(run.status == 130, "\(run.errorOutput)")
    #expect(run.errorOutput.contains("To go on: mixinstruct fuse"))
    _ = try fuse(stopped)
    let rows = try StoreContents(stopped).rows(Self.contents)
    #expect(rows == (try StoreContents(whole).rows(Self.contents)))
  }
}
