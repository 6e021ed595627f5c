internal import DatasetStore
internal import Records
package import Reranking

/// The ranker beside a fuser: it orders the candidates, and tells whether a fusion is better.
package struct FusionRanker {
  let ranker: Ranker
  /// Who it is.
  package let identity: RankerIdentity

  /// A ranker.
  ///
  /// - Parameters:
  ///   - ranker: the ranker.
  ///   - identity: who it is.
  package init(_ ranker: Ranker, _ identity: RankerIdentity) {
    self.ranker = ranker
    self.identity = identity
  }

  private static let policy = PairwiseScoring.maxLogits

  /// The ranks of the candidates of examples.
  ///
  /// - Parameters:
  ///   - examples: the examples, without their fusions.
  ///   - ledger: what is known of the pairs; receives what is computed.
  ///   - observe: called between parts of the work; what it throws ends it.
  /// - Returns: for each example a rank for each candidate.
  /// - Throws: `TokenizerError`, `ModelInputError`, `RerankingError`, what `observe` throws.
  func ranks(
    of examples: [StoredExample], _ ledger: inout RankerLedger, observe: () throws -> Void
  ) throws -> [[Int]] {
    let inputs = examples.map { RankingInput($0.example) }
    switch ranker {
    case .pointwise(let scorer):
      return try scorer.scores(of: inputs, observe: observe).map {
        RankedCandidates(scores: $0.map { Double($0) }).ranks
      }
    case .pairwise(let ranker):
      // Each record is a batch of its own: a verdict must not depend on its neighbours.
      let prepared = try inputs.map { try ranker.prepare([$0])[0] }
      let work = inputs.map { RankingRun.Work($0, .full(Self.policy)) }
      return try RankingRun.rank(work) { requests in
        let missing = ledger.missing(of: requests)
        let scores = try ranker.scores(of: missing, in: prepared) { _ in try observe() }
        _ = ledger.add(zip(missing, scores.map(\.logit)))
        return ledger.answer(requests)
      }.map(\.ranked.ranks)
    }
  }

  /// What a ranker says of a fusion and its best parent.
  struct Comparison {
    /// How much better the fusion is; above 0 it is better.
    let margin: Double
    /// The logits with the fusion first and second; `nil` for rankers that compare no pairs.
    let logits: (fusionFirst: Float, parentFirst: Float)?
  }

  /// Compares fusions with their best parents.
  ///
  /// - Parameters:
  ///   - pairs: what was asked, the fusion and the best parent.
  ///   - observe: called between parts of the work; what it throws ends it.
  /// - Returns: what the ranker says of each.
  /// - Throws: `TokenizerError`, `ModelInputError`, `RerankingError`, what `observe` throws.
  func compare(
    _ pairs: [(source: String, fusion: String, parent: String)], observe: () throws -> Void
  ) throws -> [Comparison] {
    let inputs = pairs.map {
      RankingInput(source: $0.source, candidates: [$0.fusion, $0.parent])
    }
    switch ranker {
    case .pointwise(let scorer):
      return try scorer.scores(of: inputs, observe: observe).map {
        Comparison(margin: Double($0[0]) - Double($0[1]), logits: nil)
      }
    case .pairwise(let ranker):
      let prepared = try inputs.map { try ranker.prepare([$0])[0] }
      let requests = inputs.indices.flatMap {
        [
          PairRanker.Request(input: $0, first: 0, second: 1),
          PairRanker.Request(input: $0, first: 1, second: 0),
        ]
      }
      let logits = try ranker.scores(of: requests, in: prepared) { _ in try observe() }
        .map(\.logit)
      return inputs.indices.map {
        let (first, second) = (logits[2 * $0], logits[2 * $0 + 1])
        return Comparison(
          margin: (Double(first) - Double(second)) / 2, logits: (first, second))
      }
    }
  }
}
