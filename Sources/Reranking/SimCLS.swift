internal import Checkpoints
internal import PretrainedModels
internal import Tensors
internal import Tokenizers

/// SimCLS: how near the states of the first tokens of source and candidate are.
///
/// Source: Liu, Liu, "SimCLS", ACL 2021, https://arxiv.org/abs/2106.01890; LLM-Blender
/// `pair_ranker/ranker.py`, `DualReranker`, and `collator.py`, `DualCollator`.
final class SimCLS: CandidateScorer {
  let limits: PairEncoding.Limits
  var tokenizerSignature: String { tokenizer.signature }
  private let tokenizer: Tokenizer
  private let sourceEncoder: any TextEncoder
  private let candidateEncoder: any TextEncoder
  private let tokenBudget: Int

  private static let markers = ["<source>", "<candidate>"]

  init(_ folder: RankerFolder, options: RankerOptions, for compute: Compute) throws {
    let model = try folder.model()
    let parts = try EncoderParts(model, named: ["", "source_encoder.", "pretrained_model."])
    var tokenizer = try Tokenizer(folder: folder.encoderPath)
    // A checkpoint that was made longer by the markers was trained with them as tokens.
    if folder.isPublishedCheckpoint,
      parts.vocabularySize == tokenizer.vocabularySize + Self.markers.count
    {
      tokenizer = try Tokenizer(folder: folder.encoderPath, adding: Self.markers)
    }
    self.tokenizer = tokenizer
    // Where both encoders are the same one, a file can hold it once or twice.
    let other = "candidate_encoder."
    let hasTwo = parts.checkpoint.entries.contains { $0.name.utf8.starts(with: other.utf8) }
    sourceEncoder = try Self.encoder(parts, options, ignoring: hasTwo ? other : nil, compute)
    candidateEncoder =
      hasTwo
      ? try Self.encoder(
        EncoderParts(model, named: [other]), options, ignoring: "source_encoder.", compute)
      : sourceEncoder
    limits = try options.limits(
      folder.limits(default: .published), minimum: tokenizer.specialTokenCount() + 1)
    tokenBudget = options.tokenBudget
  }

  private static func encoder(
    _ parts: EncoderParts, _ options: RankerOptions, ignoring other: String?, _ compute: Compute
  ) throws -> any TextEncoder {
    var table = WeightTable()
    parts.configuration.declareWeights(in: &table, prefix: parts.prefix)
    if let other { table.ignore(prefix: other) }
    return try parts.configuration.makeEncoder(
      WeightReader(
        Weights(parts.checkpoint, table), precision: options.precision, for: compute),
      prefix: parts.prefix)
  }

  func scores(of inputs: [RankingInput], observe: () throws -> Void) throws -> [[Float]] {
    let candidates = inputs.map { DistinctTexts($0.candidates) }
    let sources = try states(
      of: inputs.map { try sequence(Self.markers[0] + $0.source, limits.source) }, sourceEncoder,
      observe)
    let states = try states(
      of: candidates.flatMap { texts in
        try texts.texts.map { try sequence(Self.markers[1] + $0, limits.candidate) }
      }, candidateEncoder, observe)
    var first = 0
    return zip(sources, candidates).map { source, candidates in
      let own = states[first..<first + candidates.texts.count]
      first += candidates.texts.count
      return candidates.spread(own.map { Self.cosine(source, $0) })
    }
  }

  /// The tokens of a text with its marker.
  func sequence(_ text: String, _ limit: Int) throws -> TokenSequence {
    TokenSequence(try tokenizer.encode(text, maximumLength: limit).map { Int($0) })
  }

  private func states(
    of sequences: [TokenSequence], _ encoder: any TextEncoder, _ observe: () throws -> Void
  ) throws -> [[Float]] {
    var states = [[Float]](repeating: [], count: sequences.count)
    try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
      for (number, start) in zip(numbers, batch.starts) {
        states[number] = hidden.rows(start..<start + 1).elements
      }
      try observe()
    }
    return states
  }

  /// Source: torch, `cosine_similarity`, eps 1e-8.
  static func cosine(_ one: [Float], _ other: [Float]) -> Float {
    var product = 0.0
    var squares = (0.0, 0.0)
    for (left, right) in zip(one, other) {
      product += Double(left) * Double(right)
      squares.0 += Double(left) * Double(left)
      squares.1 += Double(right) * Double(right)
    }
    return Float(product / max((squares.0 * squares.1).squareRoot(), 1e-8))
  }
}
