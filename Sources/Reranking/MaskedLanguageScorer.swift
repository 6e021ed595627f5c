internal import PretrainedModels
internal import Tensors
internal import Tokenizers

/// MLM-Scoring: the pseudo-log-likelihood of a candidate after its source, one token masked at a time.
///
/// The sum is over the candidate's tokens. Without a source it is that of the candidate alone.
///
/// Source: Salazar et al., "Masked Language Model Scoring", ACL 2020,
/// https://arxiv.org/abs/1910.14659.
final class MaskedLanguageScorer: CandidateScorer {
  let limits: PairEncoding.Limits
  var tokenizerSignature: String { tokenizer.signature }
  private let tokenizer: Tokenizer
  private let model: MaskedLanguageModel
  private let maskID: Int
  private let tokenBudget: Int

  init(_ folder: RankerFolder, options: RankerOptions, for compute: Compute) throws {
    tokenizer = try Tokenizer(folder: folder.encoderPath)
    guard let mask = tokenizer.specialTokens.mask else {
      throw RerankingError.missingToken(path: folder.encoderPath, role: "mask")
    }
    maskID = Int(mask)
    model = try MaskedLanguageModel(folder.model(), precision: options.precision, for: compute)
    limits = try options.limits(
      folder.limits(
        default: .halved(
          model.encoder.shape.lengthLimit, added: tokenizer.specialTokenCount(forPair: true))),
      minimum: 1)
    tokenBudget = options.tokenBudget
  }

  func scores(of inputs: [RankingInput], observe: () throws -> Void) throws -> [[Float]] {
    try inputs.map { input in
      let candidates = DistinctTexts(input.candidates)
      return candidates.spread(
        try candidates.texts.map { candidate in
          try observe()
          return try score(candidate, after: input.source)
        })
    }
  }

  private func score(_ candidate: String, after source: String) throws -> Float {
    let (sequence, positions) = try sequence(candidate, after: source)
    guard !positions.isEmpty else { return 0 }
    var sum = 0.0
    // One copy for each token: they are made in parts of bounded size.
    let size = max(1, 8 * tokenBudget / sequence.ids.count)
    for start in stride(from: 0, to: positions.count, by: size) {
      let part = positions[start..<min(start + size, positions.count)]
      let copies = part.map { position in
        var copy = sequence
        copy.ids[position] = maskID
        return copy
      }
      try model.forEachLogits(of: copies, at: part.map { [$0] }, tokenBudget: tokenBudget) {
        copy, _, logits in
        model.encoder.compute.logSoftmax(logits, into: logits)
        sum += Double(logits[0, sequence.ids[part[part.startIndex + copy]]])
      }
    }
    return Float(sum)
  }

  /// The tokens of source and candidate, and the positions of the candidate's.
  private func sequence(
    _ candidate: String, after source: String
  ) throws -> (TokenSequence, [Int]) {
    let source = try kept(source, limits.source)
    let candidate = try kept(candidate, limits.candidate)
    // A token that no vocabulary has shows where a text begins.
    let mark: TokenID = -1
    let encoding =
      source.isEmpty
      ? try tokenizer.join(candidate) : try tokenizer.join(source, pairedWith: candidate)
    let probe =
      source.isEmpty ? try tokenizer.join([mark]) : try tokenizer.join(source, pairedWith: [mark])
    let start = probe.ids.lastIndex(of: mark) ?? 0
    return (
      TokenSequence(encoding.ids.map { Int($0) }, typeIDs: encoding.typeIDs.map { Int($0) }),
      Array(start..<start + candidate.count)
    )
  }

  private func kept(_ text: String, _ limit: Int) throws -> [TokenID] {
    try tokenizer.encode(text, addingSpecialTokens: false, maximumLength: limit)
  }
}
