package import Tensors

/// A ranker of either kind, loaded from a folder.
package enum Ranker {
  /// Compares pairs.
  case pairwise(PairRanker)
  /// Gives each candidate a score by itself.
  case pointwise(any CandidateScorer)

  /// Loads a ranker.
  ///
  /// - Parameters:
  ///   - folder: where it is, and of what kind.
  ///   - options: what the user chose.
  ///   - compute: where it will run.
  /// - Returns: the ranker.
  /// - Throws: `CheckpointError`, `TokenizerError`, ``RerankingError``.
  package static func load(
    _ folder: RankerFolder, options: RankerOptions = RankerOptions(), for compute: Compute
  ) throws -> Ranker {
    switch folder.kind {
    case .pairRanker: .pairwise(try PairRanker(folder, options: options, for: compute))
    case .summaReranker: .pointwise(try SummaReranker(folder, options: options, for: compute))
    case .simCLS: .pointwise(try SimCLS(folder, options: options, for: compute))
    case .reward: .pointwise(try RewardModel(folder, options: options, for: compute))
    case .features: .pointwise(try FeatureRanker(folder, options: options, for: compute))
    case .maskedLanguageModel:
      .pointwise(try MaskedLanguageScorer(folder, options: options, for: compute))
    }
  }

  /// Everything that changes what it says, apart from the files: in one string.
  package var settingsSignature: String {
    switch self {
    case .pairwise(let ranker):
      "\(ranker.encoding.rawValue) \(ranker.limits.source)/\(ranker.limits.candidate) "
        + ranker.tokenizerSignature
    case .pointwise(let scorer):
      "\(scorer.limits.source)/\(scorer.limits.candidate) \(scorer.tokenizerSignature)"
    }
  }

  /// Ranks inputs.
  ///
  /// - Parameters:
  ///   - work: the inputs, and which pairs a pair ranker compares; others score each candidate. For a
  ///     pair ranker in the collator's form the inputs are one batch.
  ///   - observe: called between parts of the work; what it throws ends it.
  /// - Returns: for each input the order of its candidates, and the logits that a pair ranker
  ///   computed for it.
  /// - Throws: `TokenizerError`, `ModelInputError`, what `observe` throws.
  package func rank(
    _ work: [RankingRun.Work], observe: () throws -> Void = {}
  ) throws -> [(ranked: RankedCandidates, known: ComparisonMatrix?)] {
    let inputs = work.map(\.input)
    switch self {
    case .pairwise(let ranker):
      let prepared = try ranker.prepare(inputs)
      return try RankingRun.rank(work) { requests in
        try ranker.scores(of: requests, in: prepared) { _ in try observe() }.map(\.logit)
      }.map { ($0.ranked, $0.known) }
    case .pointwise(let scorer):
      return try scorer.scores(of: inputs, observe: observe).map {
        (RankedCandidates(scores: $0.map { Double($0) }), nil)
      }
    }
  }
}
