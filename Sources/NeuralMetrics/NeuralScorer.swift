/// Computes one metric with a model.
///
/// Belongs to one caller at a time. Weights are loaded with ``load()`` or when they are first needed.
package protocol NeuralScorer: AnyObject {
  /// The metric.
  var metric: NeuralMetric { get }
  /// How values are computed: scores may be compared or averaged only if their signatures are equal.
  var signature: String { get }
  /// Whether all references must be read before a pair is scored.
  var readsReferences: Bool { get }

  /// Takes a reference in, where all must be read before a pair is scored.
  ///
  /// - Parameter reference: the reference.
  /// - Throws: `TokenizerError` when the model cannot express it; it does not count then.
  func read(reference: String) throws

  /// Loads the weights unless they are loaded.
  ///
  /// - Throws: `CheckpointError`.
  func load() throws

  /// Scores pairs; the work is arranged by the texts' lengths, whatever the order of the pairs.
  ///
  /// - Parameters:
  ///   - pairs: the pairs.
  ///   - isCancelled: asked every some seconds; `true` ends the work.
  /// - Returns: for each pair its score, or why it has none.
  /// - Throws: ``NeuralMetricsError``, among them `stopped`; `CheckpointError`; `TableReadError`.
  func score(
    _ pairs: [TextPair], isCancelled: () -> Bool
  ) throws -> [Result<NeuralScore, any Error>]
}

extension NeuralScorer {
  /// Most metrics depend on the pair alone.
  package var readsReferences: Bool { false }

  /// Most metrics depend on the pair alone.
  ///
  /// - Parameter reference: the reference.
  /// - Throws: nothing.
  package func read(reference: String) throws {}

  /// Scores pairs without a way to stop.
  ///
  /// - Parameter pairs: the pairs.
  /// - Returns: for each pair its score, or why it has none.
  /// - Throws: ``NeuralMetricsError``, `CheckpointError`, `TableReadError`.
  package func score(_ pairs: [TextPair]) throws -> [Result<NeuralScore, any Error>] {
    try score(pairs) { false }
  }
}
