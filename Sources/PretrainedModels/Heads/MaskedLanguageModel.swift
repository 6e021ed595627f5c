public import Checkpoints
public import Tensors

/// An encoder that predicts the token at each position.
///
/// Source: transformers@v4.46.3, `BertForMaskedLM`, `RobertaForMaskedLM`, `DebertaV2ForMaskedLM`.
public final class MaskedLanguageModel {
  /// The encoder.
  public let encoder: any TextEncoder
  /// hidden -> embedding
  private let dense: Linear
  private let activation: Activation
  private let normalisation: Normalisation
  /// embedding -> vocabulary
  private let decoder: Linear

  /// Numbers of logits that are held at a time.
  private static let logitBudget = 4 << 20

  /// Loads an encoder with its language head.
  ///
  /// - Parameters:
  ///   - folder: the model.
  ///   - precision: how linear layers are packed, the product with the word embeddings included.
  ///   - compute: where the model will run.
  /// - Throws: `CheckpointError`.
  public init(
    _ folder: ModelFolder, precision: Precision = .float32, for compute: Compute
  ) throws(CheckpointError) {
    let settings = folder.configuration
    let configuration = try EncoderLoader.configuration(settings)
    let checkpoint = try folder.checkpoint()
    let prefix = EncoderLoader.prefix(of: configuration, in: checkpoint)
    guard let layers = try configuration.maskedLanguageLayers(settings) else {
      throw settings.wrong("model_type", expected: "an encoder with a language head")
    }
    let shape = configuration.shape
    let isTied = try settings.bool("tie_word_embeddings", default: true)
    let bias = layers.bias[0]
    var table = WeightTable()
    configuration.declareWeights(in: &table, prefix: prefix)
    table.requireLinear(layers.dense, inputs: shape.hiddenSize, outputs: layers.size)
    table.requireNormalisation(layers.normalisation, size: layers.size)
    table.require(bias, aliases: Array(layers.bias.dropFirst()), shape: [shape.vocabularySize])
    if isTied {
      table.ignore(layers.decoder)
    } else {
      table.require(layers.decoder, shape: [shape.vocabularySize, layers.size])
    }
    // The head that told whether one sentence follows another.
    table.ignore(prefix: "cls.seq_relationship.")
    let reader = WeightReader(
      try Weights(checkpoint, table), precision: precision, for: compute)
    encoder = try configuration.makeEncoder(reader, prefix: prefix)
    dense = try reader.linear(layers.dense)
    activation = layers.activation
    normalisation = try reader.normalisation(layers.normalisation, epsilon: layers.epsilon)
    let words = "\(prefix)\(type(of: configuration).commonTensor)"
    decoder = reader.pack(
      try reader.tensor(isTied ? words : layers.decoder).matrix, bias: try reader.tensor(bias))
  }

  /// Computes the logits of some positions.
  ///
  /// - Parameters:
  ///   - sequences: what to read.
  ///   - positions: for each sequence the positions of interest.
  ///   - tokenBudget: the most tokens that are computed together.
  ///   - body: receives a sequence's number, the indices among its `positions`, and the logits,
  ///     `[indices, vocabulary]`, which are valid until it returns; called for each sequence in
  ///     turn, once or, where there are many positions, several times.
  /// - Throws: ``ModelInputError``; what `body` throws.
  public func forEachLogits(
    of sequences: [TokenSequence], at positions: [[Int]],
    tokenBudget: Int = EncoderDefaults.tokenBudget,
    _ body: (_ number: Int, _ indices: Range<Int>, _ logits: Matrix) throws -> Void
  ) throws {
    precondition(
      positions.count == sequences.count,
      "positions for \(positions.count) of \(sequences.count) sequences")
    for (number, (sequence, asked)) in zip(sequences, positions).enumerated() {
      for position in asked where position < 0 || position >= sequence.ids.count {
        throw ModelInputError.position(
          sequence: number, position: position, length: sequence.ids.count)
      }
    }
    let compute = encoder.compute
    try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
      // The rows of all sequences together: one product for many sequences of one position each.
      var rows: [Int] = []
      var owners: [(number: Int, index: Int)] = []
      for (place, number) in numbers.enumerated() {
        for (index, position) in positions[number].enumerated() {
          rows.append(batch.starts[place] + position)
          owners.append((number, index))
        }
      }
      let limit = max(1, Self.logitBudget / encoder.shape.vocabularySize)
      for start in stride(from: 0, to: rows.count, by: limit) {
        let range = start..<min(rows.count, start + limit)
        try compute.workspace.scope {
          let logits = self.logits(of: hidden, rows: Array(rows[range]))
          var first = range.lowerBound
          while first < range.upperBound {
            let (number, index) = owners[first]
            let end =
              owners[first..<range.upperBound].firstIndex { $0.number != number }
              ?? range.upperBound
            try body(
              number, index..<index + end - first,
              logits.rows(first - range.lowerBound..<end - range.lowerBound))
            first = end
          }
        }
      }
    }
  }

  /// `[rows, vocabulary]`, in the workspace.
  private func logits(of hidden: Matrix, rows: [Int]) -> Matrix {
    let compute = encoder.compute
    let states = compute.workspace.matrix(rows: rows.count, columns: hidden.columns)
    let words = compute.workspace.matrix(rows: rows.count, columns: decoder.inputs)
    let logits = compute.workspace.matrix(rows: rows.count, columns: decoder.outputs)
    compute.gather(hidden, rows: rows, into: states)
    compute.linear(dense, states, into: words, activation: activation)
    compute.normalise(normalisation, words, into: words)
    compute.linear(decoder, words, into: logits)
    return logits
  }
}
