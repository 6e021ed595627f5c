internal import PretrainedModels
internal import Tensors
internal import Tokenizers

/// A classifier with one label that reads source and candidate as a pair of texts.
///
/// Source: LLM-Blender `pair_ranker/collator.py`, `DebertaRMCollator`, with the models of
/// transformers' `AutoModelForSequenceClassification`.
final class RewardModel: CandidateScorer {
  let limits: PairEncoding.Limits
  var tokenizerSignature: String { tokenizer.signature }
  private let tokenizer: Tokenizer
  private let classifier: SequenceClassifier
  private let tokenBudget: Int

  init(_ folder: RankerFolder, options: RankerOptions, for compute: Compute) throws {
    tokenizer = try Tokenizer(folder: folder.encoderPath)
    classifier = try SequenceClassifier(
      folder.model(), precision: options.precision, for: compute)
    guard classifier.labelCount == 1 else {
      throw RerankingError.severalLabels(path: folder.path, count: classifier.labelCount)
    }
    limits = try options.limits(
      folder.limits(
        default: .halved(
          classifier.encoder.shape.lengthLimit, added: tokenizer.specialTokenCount(forPair: true))),
      minimum: tokenizer.specialTokenCount())
    tokenBudget = options.tokenBudget
  }

  func scores(of inputs: [RankingInput], observe: () throws -> Void) throws -> [[Float]] {
    try inputs.map { input in
      try observe()
      let candidates = DistinctTexts(input.candidates)
      return candidates.spread(
        try classifier.logits(
          of: sequences(input.source, candidates.texts), tokenBudget: tokenBudget
        )
        .map { $0[0] })
    }
  }

  /// The tokens of a source with each candidate.
  func sequences(_ source: String, _ candidates: [String]) throws -> [TokenSequence] {
    let source = try tokenizer.cut(source, to: limits.source)
    return try candidates.map { candidate in
      let encoding = try tokenizer.encode(
        source, pairedWith: tokenizer.cut(candidate, to: limits.candidate))
      return TokenSequence(
        encoding.ids.map { Int($0) }, typeIDs: encoding.typeIDs.map { Int($0) })
    }
  }
}

extension PairEncoding.Limits {
  /// Half of a model's positions each; 512 tokens each where positions are relative.
  static func halved(_ positions: Int?, added: Int) -> PairEncoding.Limits {
    let half = positions.map { max(1, ($0 - added) / 2) } ?? 512
    return PairEncoding.Limits(source: half, candidate: half)
  }
}
