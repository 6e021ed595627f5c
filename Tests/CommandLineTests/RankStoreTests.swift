import Foundation
import JSON
import ProcessSignals
import SQLite
import Testing

private func ranker(_ name: String) -> String {
  repository.appending(path: "Tests/RerankingTests/Fixtures/\(name)").path(percentEncoded: false)
}

private let pairRM = [
  "--ranker", ranker("pairrm-hf/model"), "--source-max-length", "60", "--candidate-max-length",
  "40",
]

/// Records with candidates of some words, two of them equal.
private func lines(_ count: Int) -> String {
  let words = ["sun", "moon", "river", "stone", "cloud", "letter", "window", "engine"]
  return (0..<count).map { number in
    let candidates = (0..<4).map { candidate in
      let text = candidate == 3 && number % 5 == 0 ? 0 : candidate
      let body = (0...(number + text) % 5).map { words[($0 * 3 + number + text) % 8] }
      return #"{"model":"m\#(candidate)","text":"\#(body.joined(separator: " "))\#(text)"}"#
    }
    return
      #"{"id":"e/\#(number)","instruction":"Say \#(number).","input":"","candidates":[\#(candidates.joined(separator: ","))]}"#
  }.joined(separator: "\n")
}

private let verdicts = """
  SELECT json_array(v.example_id, candidate_a, candidate_b, verdict, logit, j.name)
  FROM verdicts v JOIN judges j USING (judge_id)
  """
private let ranks = """
  SELECT json_array(g.name, candidate_id, score, rank) FROM ranks JOIN rankings g USING (ranking_id)
  """

/// `rank` over a store: the ledger, the ranking, going on.
@Suite struct RankStoreTests {
  private func store(_ count: Int, in folder: TemporaryFolder) throws -> String {
    let input = try folder.write(lines(count), to: "in.jsonl")
    let store = folder.path("\(UUID().uuidString).db")
    let run = CommandRun("import", "--store", store, input)
    #expect(run.status == 0, "\(run.errorOutput)")
    return store
  }

  private func rank(_ store: String, _ words: String...) throws -> JSONValue {
    let run = CommandRun(["rank", "--store", store, "--json"] + pairRM + words)
    #expect(run.status == 0, "\(run.errorOutput)")
    return try JSONValue(json: run.output)
  }

  @Test func keepsEachPairOnce() throws {
    let folder = try TemporaryFolder()
    let store = try store(40, in: folder)
    let first = try rank(store)
    #expect(first["examples"]?.int == 40 && first["ranked"]?.int == 40)
    // 8 of the records have two equal candidates: 12 ordered pairs become 7.
    #expect(first["pairs computed"]?.int == 40 * 12 - 8 * 5)
    let contents = StoreContents(store)
    #expect(try contents.count("verdicts WHERE logit IS NOT NULL") == 40 * 12)
    #expect(try contents.count("judges WHERE kind = 'ranker'") == 1)
    #expect(
      try contents.count("verdicts WHERE (logit > 0) <> (verdict = 'A is better')") == 0)
    #expect(try contents.count("ranks") == 160)
    let kept = (try contents.rows(verdicts), try contents.rows(ranks))
    let again = try rank(store)
    #expect(again["pairs computed"]?.int == 0 && again["pairs known"]?.int == 480)
    #expect(try contents.rows(verdicts) == kept.0)
    #expect(try contents.rows(ranks) == kept.1)
    // Another policy needs no comparison; another precision is another ranker.
    #expect(try rank(store, "--aggregate", "max-wins")["pairs computed"]?.int == 0)
    #expect(try contents.count("rankings") == 2)
    #expect(try rank(store, "--precision", "bf16")["pairs computed"]?.int == 440)
    #expect(try contents.count("judges WHERE kind = 'ranker'") == 2)
  }

  /// The pipe and the store give the same numbers.
  @Test func storeAndLinesAgree() throws {
    let folder = try TemporaryFolder()
    let store = try store(10, in: folder)
    _ = try rank(store)
    let output = folder.path("out.jsonl")
    let run = CommandRun(
      ["rank", "--input", folder.path("in.jsonl"), "--output", output] + pairRM)
    #expect(run.status == 0)
    let scores = try folder.lines("out.jsonl").flatMap {
      (try JSONValue(json: $0))["scores"]?.array?.compactMap(\.number) ?? []
    }
    var kept: [Double] = []
    try Connection(path: store, access: .readOnly).query(
      "SELECT score FROM ranks ORDER BY candidate_id"
    ) { kept.append($0.double(0)) }
    #expect(kept.count == scores.count && !kept.isEmpty)
    for (one, other) in zip(kept, scores) { #expect(abs(one - other) < 1e-5) }
  }

  /// A ranker does not judge the judges: its verdicts count only by name.
  @Test func reportsLeaveRankersOut() throws {
    let folder = try TemporaryFolder()
    let store = try store(6, in: folder)
    _ = try rank(store)
    let all = CommandRun("aggregate", "--store", store, "--json")
    #expect(try JSONValue(json: all.output)["ranked"]?.int == 0)
    let weighed = CommandRun("aggregate", "--store", store, "--weight", "ranker=1", "--json")
    #expect(try JSONValue(json: weighed.output)["ranked"]?.int == 6)
  }

  @Test func rankersThatScoreAlone() throws {
    let folder = try TemporaryFolder()
    let store = try store(12, in: folder)
    let words = ["rank", "--store", store, "--json", "--ranker", ranker("simcls/model")]
    let first = try JSONValue(json: CommandRun(words).output)
    #expect(first["scores computed"]?.int == 48)
    let contents = StoreContents(store)
    #expect(try contents.count("ranks") == 48)
    #expect(try contents.count("verdicts") == 0)
    let again = try JSONValue(json: CommandRun(words).output)
    #expect(again["scores computed"]?.int == 0 && again["ranked"]?.int == 12)
  }

  @Test func budgetsTellHowOftenTheyAreRight() throws {
    let folder = try TemporaryFolder()
    let store = try store(20, in: folder)
    let blind = try rank(store, "--budget", "4")
    let adaptive = try #require(blind["adaptive"])
    #expect(adaptive["compared"]?.int ?? 0 <= 80)
    // The records with equal texts: four comparisons are all that there are.
    #expect(adaptive["checked"]?.int == 4)
    #expect(adaptive["pairs"]?.int == 120)
    let checked = try rank(store, "--budget", "4", "--check")["adaptive"]
    #expect(checked?["checked"]?.int == 20)
    #expect(checked?["compared"] == adaptive["compared"])
    let everything = try rank(store, "--budget", "6", "--top-k", "3")["adaptive"]
    #expect(everything?["same_best"]?.int ?? 0 >= checked?["same_best"]?.int ?? 99)
  }

  /// Ctrl-C keeps whole groups, and the rest comes out as it would have.
  @Test func goesOnWhereItWasStopped() throws {
    let folder = try TemporaryFolder()
    let whole = try store(60, in: folder)
    _ = try rank(whole)
    let stopped = try store(60, in: folder)
    let interrupt = InterruptFlag()
    _ = interrupt.raise()
    let run = CommandRun(["rank", "--store", stopped] + pairRM, interrupt: interrupt)
    #expect(run.status == 130, "\(run.errorOutput)")
    #expect(run.errorOutput.contains("To go on: mixinstruct rank"))
    _ = try rank(stopped)
    #expect(try StoreContents(stopped).rows(verdicts) == StoreContents(whole).rows(verdicts))
    #expect(try StoreContents(stopped).rows(ranks) == StoreContents(whole).rows(ranks))
  }
}
