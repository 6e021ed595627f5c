public import Checkpoints
internal import JSON
public import Tensors

/// An encoder that gives each sequence one number for each label; with one label a regression.
///
/// Source: transformers@v4.46.3, `BertForSequenceClassification`, `RobertaForSequenceClassification`,
/// `DebertaV2ForSequenceClassification`.
public final class SequenceClassifier {
  /// The encoder.
  public let encoder: any TextEncoder
  /// The number of labels.
  public let labelCount: Int
  /// hidden -> hidden
  private let pooler: Linear
  private let activation: Activation
  /// hidden -> labels
  private let classifier: Linear

  /// Loads an encoder with its classification head.
  ///
  /// - Parameters:
  ///   - folder: the model.
  ///   - precision: how the encoder's linear layers are packed; the head's stay 32-bit floats.
  ///   - compute: where the model will run.
  /// - Throws: `CheckpointError`.
  public init(
    _ folder: ModelFolder, precision: Precision = .float32, for compute: Compute
  ) throws(CheckpointError) {
    let settings = folder.configuration
    let configuration = try EncoderLoader.configuration(settings)
    let checkpoint = try folder.checkpoint()
    let prefix = EncoderLoader.prefix(of: configuration, in: checkpoint)
    guard let layers = try configuration.classificationLayers(settings, prefix: prefix) else {
      throw settings.wrong("model_type", expected: "an encoder with a classification head")
    }
    labelCount = try Self.labelCount(settings)
    let hidden = configuration.shape.hiddenSize
    var table = WeightTable()
    configuration.declareWeights(in: &table, prefix: prefix)
    table.requireLinear(layers.pooler, inputs: hidden, outputs: hidden)
    table.requireLinear(layers.classifier, inputs: hidden, outputs: labelCount)
    let reader = WeightReader(
      try Weights(checkpoint, table), precision: precision, for: compute)
    encoder = try configuration.makeEncoder(reader, prefix: prefix)
    pooler = try reader.linear(layers.pooler, precision: .float32)
    activation = layers.activation
    classifier = try reader.linear(layers.classifier, precision: .float32)
  }

  /// Hugging Face's configurations name the labels, or say nothing when there are two.
  private static func labelCount(_ settings: ModelConfiguration) throws(CheckpointError) -> Int {
    if settings.contains("id2label") { return try settings.object("id2label").count }
    return try settings.int("num_labels", in: 1...1 << 20, default: 2)
  }

  /// Computes the logits.
  ///
  /// - Parameters:
  ///   - sequences: what to read.
  ///   - tokenBudget: the most tokens that are computed together.
  /// - Returns: for each sequence one number for each label, before any softmax.
  /// - Throws: ``ModelInputError``.
  public func logits(
    of sequences: [TokenSequence], tokenBudget: Int = EncoderDefaults.tokenBudget
  ) throws -> [[Float]] {
    var results = [[Float]](repeating: [], count: sequences.count)
    let compute = encoder.compute
    try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
      compute.workspace.scope {
        // [sequences, hidden]
        let first = compute.workspace.matrix(rows: numbers.count, columns: hidden.columns)
        let pooled = compute.workspace.matrix(rows: numbers.count, columns: hidden.columns)
        compute.gather(hidden, rows: batch.starts, into: first)
        compute.linear(pooler, first, into: pooled, activation: activation)
        // [sequences, labels]
        let logits = compute.workspace.matrix(rows: numbers.count, columns: labelCount)
        compute.linear(classifier, pooled, into: logits)
        for (row, number) in numbers.enumerated() {
          results[number] = logits.rows(row..<row + 1).elements
        }
      }
    }
    return results
  }
}
