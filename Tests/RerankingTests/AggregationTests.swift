import JSON
import Records
import Testing

@testable import Reranking

/// From matrices to scores and ranks, with ties, and the order of ranked lists.
@Suite struct AggregationTests {
  @Test(arguments: PairwiseScoring.allCases) func matrices(_ scoring: PairwiseScoring) throws {
    let name = scoring.rawValue.replacing("-", with: "_")
    let expected = try Fixture.rows("aggregate/expected.jsonl")
    for (row, expected) in zip(try Fixture.rows("aggregate/matrices.jsonl"), expected) {
      let matrix = ComparisonMatrix(rows: Fixture.floats(try Fixture.matrix(row["matrix"])))
      let recorded = try #require(expected[name]?.object)
      let id = try Fixture.id(row)
      guard case .ranked(let ranked) = RankingMode.full(scoring).step(matrix, candidates: []) else {
        Issue.record("matrix \(id) is complete")
        continue
      }
      expectNear(ranked.scores, try Fixture.doubles(recorded["scores"]), tolerance: 1e-5, id)
      #expect(try ranked.ranks == Fixture.ints(recorded["ranks_from_scores"]), "\(id)")
      #expect(try scoring.ranks(of: matrix) == Fixture.ints(recorded["ranks_from_cmps"]), "\(id)")
    }
  }

  @Test func topCandidates() throws {
    let expected = try Fixture.rows("aggregate/expected.ranks.jsonl")
    for (row, expected) in zip(try Fixture.rows("aggregate/scores.jsonl"), expected) {
      let ranked = RankedCandidates(scores: try Fixture.doubles(row["scores"]))
      #expect(try ranked.ranks == Fixture.ints(expected["ranks"]))
      let count = try #require(row["top_k"]?.int)
      #expect(try ranked.top(count) == Fixture.ints(expected["top_k_indices"]))
    }
  }

  /// Ranks [2, 3, 1] are not the order [2, 3, 1]: the best is the third candidate, then the first.
  @Test func bestFirstIsTheInverseOfRanks() {
    let ranked = RankedCandidates(scores: [0.5, -1, 2])
    #expect(ranked.ranks == [2, 3, 1])
    #expect(ranked.bestFirst == [2, 0, 1])
    #expect(ranked.best == 2 && ranked.worst == 1)
  }

  @Test func fewCandidates() {
    for mode in [
      RankingMode.full(.maxLogits), .full(.maxWins), .bubble(BubbleSelection()),
      .reference(.longest), .adaptive(AdaptiveRanking()),
    ] {
      #expect(
        mode.step(ComparisonMatrix(count: 0), candidates: [])
          == .ranked(RankedCandidates(scores: [])))
      #expect(
        mode.step(ComparisonMatrix(count: 1), candidates: ["a"])
          == .ranked(RankedCandidates(scores: [0])))
    }
  }

  @Test func passesGiveTheBestInOrder() throws {
    // Candidate c has the strength of its place in this list.
    let strengths: [Float] = [3, 0, 4, 1, 2]
    let matrix = ComparisonMatrix(
      rows: strengths.map { one in strengths.map { one - $0 } })
    for count in 1...4 {
      var selection = BubbleSelection()
      selection.passCount = count
      let outcome = try selection.run(matrix).get()
      #expect(outcome.winners == Array([2, 0, 4, 3].prefix(count)))
      #expect(outcome.comparisons.count == (0..<count).reduce(0) { $0 + 4 - $1 })
      selection.choice = .worst
      #expect(try selection.run(matrix).get().winners == Array([1, 3, 4, 0].prefix(count)))
    }
    guard
      case .ranked(let all) = RankingMode.bubble(
        {
          var selection = BubbleSelection()
          selection.passCount = 9
          return selection
        }()
      ).step(matrix, candidates: [])
    else {
      Issue.record("the matrix is complete")
      return
    }
    #expect(all.ranks == [2, 5, 1, 4, 3])
  }
}
