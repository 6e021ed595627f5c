internal import Checkpoints
internal import Foundation
internal import PretrainedModels
internal import Tensors
internal import Tokenizers

/// SummaReranker: a cross-encoder of source and candidate with a mixture of experts for each task.
///
/// Source: Ravaut, Joty, Chen, "SummaReranker", ACL 2022, https://arxiv.org/abs/2203.06569;
/// LLM-Blender `pair_ranker/ranker.py`, `SummaReranker`, and `collator.py`, `SCRCollator`. Differs in
/// that tasks and candidates are never mixed up, as the published inference without labels does.
final class SummaReranker: CandidateScorer {
  /// What the model says of one candidate.
  struct Output: Equatable {
    /// The towers' numbers, one for each task.
    var tasks: [Float]
    /// For each task the weight of each expert.
    var gates: [[Float]]

    /// The mean over the tasks comes before the sigmoid.
    var score: Float {
      let mean = tasks.reduce(0, +) / Float(max(1, tasks.count))
      return 1 / (1 + exp(-mean))
    }
  }

  let limits: PairEncoding.Limits
  var tokenizerSignature: String { tokenizer.signature }
  private let tokenizer: Tokenizer
  private let separator: String
  private let encoder: any TextEncoder
  private let mixture: ExpertMixture
  private let tokenBudget: Int

  init(_ folder: RankerFolder, options: RankerOptions, for compute: Compute) throws {
    tokenizer = try Tokenizer(folder: folder.encoderPath)
    guard let id = tokenizer.specialTokens.sep, let separator = tokenizer.token(for: id) else {
      throw RerankingError.missingToken(path: folder.encoderPath, role: "separator")
    }
    self.separator = separator
    limits = try options.limits(
      folder.limits(default: .published), minimum: tokenizer.specialTokenCount())
    tokenBudget = options.tokenBudget
    let parts = try EncoderParts(folder.model(), named: ["pretrained_model.", ""])
    var table = WeightTable()
    parts.configuration.declareWeights(in: &table, prefix: parts.prefix)
    let sizes = try ExpertMixture.Sizes(
      parts.checkpoint, hidden: parts.configuration.shape.hiddenSize)
    sizes.declare(in: &table)
    let reader = WeightReader(
      try Weights(parts.checkpoint, table), precision: options.precision, for: compute)
    encoder = try parts.configuration.makeEncoder(reader, prefix: parts.prefix)
    mixture = try ExpertMixture(sizes, reader)
  }

  func scores(of inputs: [RankingInput], observe: () throws -> Void) throws -> [[Float]] {
    try outputs(of: inputs, observe: observe).map { $0.map(\.score) }
  }

  /// What the model says of each candidate of each input.
  func outputs(
    of inputs: [RankingInput], observe: () throws -> Void = {}
  ) throws -> [[Output]] {
    let candidates = inputs.map { DistinctTexts($0.candidates) }
    let sequences = try zip(inputs, candidates).flatMap { input, candidates in
      try self.sequences(input.source, candidates.texts)
    }
    var outputs = [Output](repeating: Output(tasks: [], gates: []), count: sequences.count)
    let compute = encoder.compute
    try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
      compute.workspace.scope {
        let first = compute.workspace.matrix(rows: numbers.count, columns: hidden.columns)
        compute.gather(hidden, rows: batch.starts, into: first)
        for (number, output) in zip(numbers, mixture.apply(to: first, compute)) {
          outputs[number] = output
        }
      }
      try observe()
    }
    var start = 0
    return candidates.map { candidates in
      defer { start += candidates.texts.count }
      return candidates.spread(Array(outputs[start..<start + candidates.texts.count]))
    }
  }

  /// The tokens of a source with each candidate.
  func sequences(_ source: String, _ candidates: [String]) throws -> [TokenSequence] {
    let limit = min(tokenizer.maximumLength ?? .max, limits.source + limits.candidate + 3)
    let start = "<source>" + (try tokenizer.cut(source, to: limits.source)) + separator
    return try candidates.map { candidate in
      let text = start + "<candidate>" + (try tokenizer.cut(candidate, to: limits.candidate))
      return TokenSequence(try tokenizer.encode(text, maximumLength: limit).map { Int($0) })
    }
  }
}
