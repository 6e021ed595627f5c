internal import BundledRanker
internal import Checkpoints
internal import PretrainedModels
internal import Tensors
internal import Tokenizers

/// The ranker that is shipped: a few weights on features of a frozen sentence encoder.
///
/// Source: `Data/ranker/README.md`.
final class FeatureRanker: CandidateScorer {
  let limits: PairEncoding.Limits
  var tokenizerSignature: String { "\(tokenizer.signature) \(head.signature)" }
  private let tokenizer: Tokenizer
  private let embedder: SentenceEmbedder
  private let head: FeatureHead
  private let tokenBudget: Int

  init(_ folder: RankerFolder, options: RankerOptions, for compute: Compute) throws {
    head = try FeatureHead(json: BundledRanker.json)
    tokenizer = try Tokenizer(folder: folder.encoderPath)
    embedder = SentenceEmbedder(
      try EncoderLoader.load(folder.model(), precision: options.precision, for: compute))
    limits = try options.limits(
      PairEncoding.Limits(source: head.limit, candidate: head.limit),
      minimum: tokenizer.specialTokenCount() + 1)
    tokenBudget = options.tokenBudget
  }

  func scores(of inputs: [RankingInput], observe: () throws -> Void) throws -> [[Float]] {
    try inputs.map { input in
      try observe()
      let candidates = DistinctTexts(input.candidates)
      let sequences =
        [try sequence(input.source, limits.source)]
        + (try candidates.texts.map { try sequence($0, limits.candidate) })
      let vectors = try embedder.embed(sequences, tokenBudget: tokenBudget)
      let source = vectors.rows(0..<1).elements
      let scores = candidates.texts.indices.map { number in
        let own = vectors.rows(number + 1..<number + 2).elements
        let similarity = zip(source, own).reduce(0.0) { $0 + Double($1.0) * Double($1.1) }
        return Float(
          head.score(
            of: candidates.texts[number], source: input.source, similarity: similarity))
      }
      return candidates.spread(scores)
    }
  }

  private func sequence(_ text: String, _ limit: Int) throws -> TokenSequence {
    TokenSequence(try tokenizer.encode(text, maximumLength: limit).map { Int($0) })
  }
}
