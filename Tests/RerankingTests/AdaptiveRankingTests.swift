import RandomNumbers
import Records
import Testing

@testable import Reranking

/// The scheme that compares where it matters, against full matrices of simulated rankers.
@Suite struct AdaptiveRankingTests {
  /// Numbers that are the same in every run.
  struct Generator: RandomNumberGenerator {
    private var numbers: SplitMix64

    init(seed: UInt64) { numbers = SplitMix64(seed: seed) }

    mutating func next() -> UInt64 { numbers.next() }

    mutating func normal() -> Float {
      (0..<12).reduce(-6) { sum, _ in sum + Float.random(in: 0..<1, using: &self) }
    }
  }

  /// Logits of strengths, a preference for what stands first, and noise.
  static func matrix(_ count: Int, noise: Float, _ generator: inout Generator) -> ComparisonMatrix {
    let strengths = (0..<count).map { _ in generator.normal() }
    return ComparisonMatrix(
      rows: (0..<count).map { one in
        (0..<count).map { other in
          one == other ? 0 : strengths[one] - strengths[other] + 0.3 + noise * generator.normal()
        }
      })
  }

  static func run(
    _ scheme: AdaptiveRanking, _ full: ComparisonMatrix
  ) throws -> (ranked: RankedCandidates, comparisons: Int) {
    let input = RankingInput(
      source: "", candidates: [String](repeating: "", count: full.count))
    let result = try RankingRun.rank([.init(input, .adaptive(scheme))]) { requests in
      requests.map { full[first: $0.first, second: $0.second] ?? .nan }
    }[0]
    let open = result.known.missing.count
    return (result.ranked, (full.count * (full.count - 1) - open) / 2)
  }

  private func scores(_ full: ComparisonMatrix) -> RankedCandidates {
    RankedCandidates(scores: PairwiseScoring.maxLogits.scores(of: full))
  }

  @Test(arguments: [2, 3, 7, 12]) func allPairsAreMaxLogits(_ count: Int) throws {
    var generator = Generator(seed: UInt64(count))
    for _ in 0..<20 {
      let full = Self.matrix(count, noise: 1, &generator)
      var scheme = AdaptiveRanking()
      scheme.certainty = .infinity
      let (ranked, comparisons) = try Self.run(scheme, full)
      #expect(comparisons == count * (count - 1) / 2)
      expectNear(ranked.scores, scores(full).scores, tolerance: 1e-5, "\(count)")
    }
  }

  @Test(arguments: [1, 4, 11, 15, 30]) func budgetsAreKept(_ budget: Int) throws {
    var generator = Generator(seed: 5)
    for _ in 0..<20 {
      var scheme = AdaptiveRanking()
      scheme.budget = budget
      let (ranked, comparisons) = try Self.run(scheme, Self.matrix(11, noise: 1, &generator))
      #expect(comparisons <= budget)
      #expect(ranked.ranks.count == 11)
    }
  }

  /// With far fewer comparisons than pairs, the best is mostly found; chance finds 1 in 11.
  @Test func theBestIsFoundEarly() throws {
    var generator = Generator(seed: 6)
    var found = (best: 0, top: 0, comparisons: 0)
    let rounds = 200
    for _ in 0..<rounds {
      let full = Self.matrix(11, noise: 0.5, &generator)
      let (ranked, comparisons) = try Self.run(AdaptiveRanking(), full)
      found.best += ranked.best == scores(full).best ? 1 : 0
      found.top += Set(ranked.top(3)) == Set(scores(full).top(3)) ? 1 : 0
      found.comparisons += comparisons
    }
    print(found)
    #expect(found.best >= rounds * 95 / 100)
    #expect(found.top >= rounds * 90 / 100)
    #expect(found.comparisons <= rounds * 55 * 7 / 10)
  }
}
