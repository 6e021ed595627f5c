import JSON
import Records
import Testing

@testable import Reranking

/// Texts that no generator of fixtures thinks of, on DeBERTa in the hub's form and on RoBERTa in the
/// collator's; recorded by `Tools/fixtures/rankers.py`.
@Suite struct OddTextTests {
  private func inputs() throws -> [RankingInput] {
    try Fixture.array("odd/texts.json").map { try Fixture.input(try #require($0.object)) }
  }

  private func check(_ ranker: PairRanker, _ name: String) throws {
    // Each record is a batch of its own.
    let prepared = try inputs().flatMap { try ranker.prepare([$0]) }
    let rows = try #require(try Fixture.object("odd/expected.json")[name]?.array)
    let requests = try rows.map { row in
      PairRanker.Request(
        input: try #require(row["record"]?.int), first: try #require(row["first"]?.int),
        second: try #require(row["second"]?.int))
    }
    let scores = try ranker.scores(of: requests, in: prepared)
    for ((request, row), score) in zip(zip(requests, rows), scores) {
      let ids = ranker.tokens(request.first, request.second, of: prepared[request.input])
      #expect(try ids == Fixture.ints(row["ids"]), "\(name) \(request)")
      let logit = try #require(row["logit"]?.number)
      expectNear([Double(score.logit)], [logit], "\(name) \(request)")
    }
    #expect(rows.count > 40)
  }

  @Test func debertaInTheHubsForm() throws {
    var options = RankerOptions()
    options.sourceLimit = 60
    options.candidateLimit = 40
    let folder = try RankerFolder(path: Fixture.path("pairrm-hf/model"))
    try check(PairRanker(folder, options: options, for: Fixture.compute()), "hub")
  }

  @Test func robertaInTheCollatorsForm() throws {
    let folder = try RankerFolder(
      path: Fixture.path("odd/roberta"), backbone: Fixture.path("summareranker/backbone"))
    let ranker = try PairRanker(folder, options: RankerOptions(), for: Fixture.compute())
    #expect(ranker.encoding == .collator)
    #expect(ranker.limits == PairEncoding.Limits(source: 30, candidate: 24))
    try check(ranker, "roberta")
  }

  @Test func likelihoodsOfCandidatesAfterTheirSource() throws {
    var options = RankerOptions()
    options.sourceLimit = 20
    options.candidateLimit = 20
    let folder = try RankerFolder(path: Fixture.path("odd/mlm"))
    #expect(folder.kind == .maskedLanguageModel)
    let ranker = try Ranker.load(folder, options: options, for: Fixture.compute())
    let expected = try Fixture.array("odd/mlm.json")
    let work = try inputs().prefix(expected.count).map {
      RankingRun.Work($0, .full(.maxLogits))
    }
    for (result, sums) in zip(try ranker.rank(work), expected) {
      expectNear(result.ranked.scores, try Fixture.doubles(sums), tolerance: 2e-3, "sums")
    }
  }
}
