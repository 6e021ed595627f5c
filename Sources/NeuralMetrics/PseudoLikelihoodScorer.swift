internal import PretrainedModels
internal import Tokenizers

/// Computes the pseudo-log-likelihood of candidates: the sum of the log-probabilities of their tokens,
/// each of which is masked in turn.
///
/// Source: Salazar et al., "Masked Language Model Scoring", 2020, https://arxiv.org/abs/1910.14659.
package final class PseudoLikelihoodScorer: NeuralScorer {
  package let metric = NeuralMetric.pseudoLogLikelihood
  package let signature: String

  private let model: ScoringModel
  private let shape: EncoderShape
  private let maximumLength: Int?
  private let mask: Int
  private var network: MaskedLanguageModel?

  /// A scorer; its weights are not loaded yet.
  ///
  /// - Parameters:
  ///   - model: the model, an encoder with a language head.
  ///   - maximumLength: the most tokens of a text, special ones included; at most what the model has
  ///     positions for.
  /// - Throws: `CheckpointError`, `TokenizerError`, ``NeuralMetricsError``.
  package init(_ model: ScoringModel, maximumLength: Int = 512) throws {
    self.model = model
    shape = try EncoderLoader.configuration(model.folder.configuration).shape
    self.maximumLength = try model.maximumLength(
      asked: maximumLength, positions: shape.lengthLimit)
    guard let mask = model.tokenizer.specialTokens.mask else {
      throw NeuralMetricsError.missingToken(model: model.folder.path, token: "mask")
    }
    self.mask = Int(mask)
    let empty = try model.tokenizer.encode("")
    guard empty.count == 2 else {
      throw NeuralMetricsError.specialTokens(model: model.folder.path, got: empty.count)
    }
    signature = SignatureText.text(
      metric,
      [
        "model": try model.identity(), "aggregate": "sum",
        "max-length": self.maximumLength.map { "\($0)" } ?? "no",
      ], precision: model.precision)
  }

  package func load() throws {
    guard network == nil else { return }
    network = try MaskedLanguageModel(
      model.folder, precision: model.precision, for: model.compute)
  }

  package func score(
    _ pairs: [TextPair], isCancelled: () -> Bool
  ) throws -> [Result<NeuralScore, any Error>] {
    try load()
    guard let network else { return [] }
    var texts = DistinctItems<[Int]>()
    let places = pairs.map { pair in
      Result { () throws -> Int in
        let ids = try model.tokenizer.encode(pair.candidate, maximumLength: maximumLength)
          .map { Int($0) }
        try shape.check([TokenSequence(ids)])
        return texts.place(of: ids)
      }
    }
    var values = [Double](repeating: 0, count: texts.items.count)
    // A text is computed once for each of its tokens.
    for part in WorkPlan(costs: texts.items.map { $0.count * $0.count }).parts {
      if isCancelled() { throw NeuralMetricsError.stopped }
      let sequences = part.map { TokenSequence(texts.items[$0]) }
      for (place, logarithms) in zip(
        part, try network.pseudoLogProbabilities(of: sequences, maskID: mask))
      {
        values[place] = logarithms.reduce(0) { $0 + Double($1) }
      }
    }
    return places.map { $0.map { .number(values[$0]) } }
  }
}
