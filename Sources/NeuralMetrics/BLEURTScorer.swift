internal import PretrainedModels
internal import Tokenizers

/// Computes BLEURT: what a model that was trained on people's ratings says of reference and candidate.
///
/// Takes checkpoints in Hugging Face's layout: BERT's kind with WordPiece, and BLEURT-20, a RemBERT
/// with SentencePiece.
///
/// Source: Sellam, Das, Parikh, "BLEURT: Learning Robust Metrics for Text Generation", 2020,
/// https://arxiv.org/abs/2004.04696; Pu et al., 2021, https://arxiv.org/abs/2110.06341;
/// google-research/bleurt, `encoding.py`: the reference comes first, the longer text is cut.
package final class BLEURTScorer: NeuralScorer {
  package let metric = NeuralMetric.bleurt
  package let signature: String

  private let model: ScoringModel
  private let shape: EncoderShape
  private let truncation: Truncation?
  private var classifier: SequenceClassifier?

  /// A scorer; its weights are not loaded yet.
  ///
  /// - Parameters:
  ///   - model: the model, an encoder with one label.
  ///   - maximumLength: the most tokens of both texts, special ones included; at most what the model
  ///     has positions for.
  /// - Throws: `CheckpointError`, `TokenizerError`, ``NeuralMetricsError``.
  package init(_ model: ScoringModel, maximumLength: Int = 512) throws {
    self.model = model
    shape = try EncoderLoader.configuration(model.folder.configuration).shape
    let length = try model.maximumLength(
      asked: maximumLength, positions: shape.lengthLimit, isPair: true)
    // Folders without a tokenizer.json are read by tokenizers in Python where they have SentencePiece.
    let strategy: Truncation.Strategy =
      model.hasFile("tokenizer.json") || !model.hasFile("spm.model")
      ? .longestFirst : .longestFirstByTurns
    truncation = length.map { Truncation(maximumLength: $0, strategy: strategy) }
    signature = SignatureText.text(
      metric,
      [
        "model": try model.identity(), "max-length": length.map { "\($0)" } ?? "no",
      ], precision: model.precision)
  }

  package func load() throws {
    guard classifier == nil else { return }
    let loaded = try SequenceClassifier(
      model.folder, precision: model.precision, for: model.compute)
    guard loaded.labelCount == 1 else {
      throw NeuralMetricsError.labels(model: model.folder.path, got: loaded.labelCount)
    }
    classifier = loaded
  }

  package func score(
    _ pairs: [TextPair], isCancelled: () -> Bool
  ) throws -> [Result<NeuralScore, any Error>] {
    try load()
    guard let classifier else { return [] }
    var sequences = DistinctItems<[[Int]]>()
    let places = pairs.map { pair in
      Result { () throws -> Int in
        let encoding = try model.tokenizer.encode(
          pair.reference, pairedWith: pair.candidate, truncation: truncation)
        let ids = encoding.ids.map { Int($0) }
        let types = encoding.typeIDs.map { Int($0) }
        try shape.check([TokenSequence(ids, typeIDs: types)])
        return sequences.place(of: [ids, types])
      }
    }
    let items = sequences.items.map { TokenSequence($0[0], typeIDs: $0[1]) }
    var values = [Double](repeating: 0, count: items.count)
    for part in WorkPlan(costs: items.map(\.ids.count)).parts {
      if isCancelled() { throw NeuralMetricsError.stopped }
      for (place, logits) in zip(part, try classifier.logits(of: part.map { items[$0] })) {
        values[place] = Double(logits[0])
      }
    }
    return places.map { $0.map { .number(values[$0]) } }
  }
}
