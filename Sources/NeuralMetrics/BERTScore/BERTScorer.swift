internal import PretrainedModels
internal import Tensors
internal import Tokenizers

/// Computes BERTScore: precision, recall and F of the tokens of two texts by their hidden states.
///
/// Each text goes through the model once, however many pairs it is in and as long as its states fit in
/// the memory that is set aside for them.
///
/// Source: Zhang et al., "BERTScore: Evaluating Text Generation with BERT", 2020,
/// https://arxiv.org/abs/1904.09675; bert-score 0.3.13, `score.py` and `utils.py`.
package final class BERTScorer: NeuralScorer {
  /// How scores are computed.
  package struct Options: Sendable {
    /// The layer whose states are compared; 0 are the embeddings.
    package var layer: Int
    /// Whether tokens weigh by how few references have them.
    package var usesFrequencies = false
    /// What scores are rescaled by.
    package var baseline: BERTScoreBaseline?
    /// Whether a space is put before each text.
    ///
    /// bert-score does so with RoBERTa unless it is told to use the fast tokenizer.
    package var addsPrefixSpace = false
    /// The most memory for states of texts, in bytes.
    package var stateBytes = 256 << 20

    /// Plain scores of a layer.
    ///
    /// - Parameter layer: the layer.
    package init(layer: Int) { self.layer = layer }
  }

  package let metric = NeuralMetric.bertScore
  package var readsReferences: Bool { options.usesFrequencies }

  private let model: ScoringModel
  private let options: Options
  private let identity: String
  private let shape: EncoderShape
  private let maximumLength: Int?
  /// Tokens that others may match but that do not count themselves.
  private let weightless: Set<Int>
  /// What an empty text becomes.
  private let emptyText: [Int]
  private var frequencies = DocumentFrequencies()
  private var encoder: (any TextEncoder)?
  private var cache: StateCache

  /// A scorer; its weights are not loaded yet.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - options: how scores are computed.
  /// - Throws: `CheckpointError`, `TokenizerError`, ``NeuralMetricsError``.
  package init(_ model: ScoringModel, options: Options) throws {
    self.model = model
    self.options = options
    let configuration = try EncoderLoader.configuration(model.folder.configuration)
    shape = configuration.shape
    guard (0...shape.layerCount).contains(options.layer) else {
      throw NeuralMetricsError.layer(
        model: model.folder.path, got: options.layer, layers: shape.layerCount)
    }
    maximumLength = try model.maximumLength(asked: nil, positions: shape.lengthLimit)
    let special = model.tokenizer.specialTokens
    weightless = Set([special.cls, special.sep].compactMap(\.self).map { Int($0) })
    emptyText = try model.tokenizer.encode("").map { Int($0) }
    identity = try model.identity()
    cache = StateCache(limit: options.stateBytes)
  }

  package var signature: String {
    let weights =
      !options.usesFrequencies
      ? "no"
      : frequencies.documents == 0 ? "yes" : "\(frequencies.documents)-\(frequencies.hash)"
    return SignatureText.text(
      metric,
      [
        "model": identity, "layer": "\(options.layer)", "idf": weights,
        "baseline": options.baseline?.text ?? "no",
        "prefix-space": options.addsPrefixSpace ? "yes" : "no",
        "max-length": maximumLength.map { "\($0)" } ?? "no",
      ], precision: model.precision)
  }

  package func read(reference: String) throws {
    guard options.usesFrequencies else { return }
    frequencies.add(try tokens(of: reference))
  }

  package func load() throws {
    guard encoder == nil else { return }
    encoder = try EncoderLoader.load(
      model.folder, layers: options.layer, precision: model.precision, for: model.compute)
  }

  package func score(
    _ pairs: [TextPair], isCancelled: () -> Bool
  ) throws -> [Result<NeuralScore, any Error>] {
    if options.usesFrequencies, frequencies.documents == 0 {
      throw NeuralMetricsError.noReferences
    }
    try load()
    // The candidate's and the reference's tokens.
    let tokens = pairs.map { pair in
      Result { () throws -> (candidate: [Int], reference: [Int]) in
        let texts = (try self.tokens(of: pair.candidate), try self.tokens(of: pair.reference))
        try shape.check([TokenSequence(texts.0), TokenSequence(texts.1)])
        return texts
      }
    }
    var results: [Result<NeuralScore, any Error>] = []
    results.reserveCapacity(pairs.count)
    // Pairs of one reference follow each other: half of the memory is for what comes next.
    let budget = max(1, options.stateBytes / 2 / StateCache.size(1, shape.hiddenSize))
    var start = 0
    while start < tokens.count {
      var texts = DistinctItems<[Int]>()
      var end = start
      var sum = 0
      while end < tokens.count {
        if case .success(let pair) = tokens[end] {
          for ids in [pair.candidate, pair.reference] {
            let known = texts.items.count
            if texts.place(of: ids) == known { sum += ids.count }
          }
          if sum > budget, end > start { break }
        }
        end += 1
      }
      try encode(texts.items, isCancelled)
      results += scores(of: tokens[start..<end])
      start = end
    }
    return results
  }

  /// The tokens of a text, special ones included.
  private func tokens(of text: String) throws -> [Int] {
    let text = text.strippedAsInPython()
    guard !text.isEmpty else { return emptyText }
    return try model.tokenizer.encode(
      options.addsPrefixSpace ? " " + text : text, maximumLength: maximumLength
    ).map { Int($0) }
  }

  /// Sees to it that the states of texts are in the cache.
  private func encode(_ texts: [[Int]], _ isCancelled: () -> Bool) throws {
    guard let encoder else { return }
    let missing = cache.beginTurn(texts, columns: shape.hiddenSize)
    for part in WorkPlan(costs: missing.map(\.count)).parts {
      if isCancelled() { throw NeuralMetricsError.stopped }
      let sequences = part.map { TokenSequence(missing[$0]) }
      try encoder.forEachBatch(of: sequences, layers: options.layer) { numbers, batch, hidden in
        for (place, number) in numbers.enumerated() {
          let states = Matrix(rows: batch.lengths[place], columns: hidden.columns)
          model.compute.copy(hidden.rows(batch.rows(place)), into: states)
          Self.normalise(states)
          cache.insert(states, of: sequences[number].ids)
        }
      }
    }
  }

  /// Gives each row length 1.
  private static func normalise(_ states: Matrix) {
    for row in 0..<states.rows {
      states.withMutableRow(row) { state in
        var squares: Float = 0
        for column in state.indices { squares += state[column] * state[column] }
        let factor = 1 / squares.squareRoot()
        for column in state.indices { state[column] *= factor }
      }
    }
  }

  private func scores(
    of pairs: ArraySlice<Result<(candidate: [Int], reference: [Int]), any Error>>
  ) -> [Result<NeuralScore, any Error>] {
    var states: [(candidate: Matrix, reference: Matrix)] = []
    for case .success(let pair) in pairs {
      guard let candidate = cache.states(of: pair.candidate),
        let reference = cache.states(of: pair.reference)
      else { preconditionFailure("the states of a pair are not in the cache") }
      states.append((candidate, reference))
    }
    var matches = GreedyMatching(model.compute).match(states)[...]
    return pairs.map { pair in
      pair.map { pair in
        let match = matches.removeFirst()
        var score = BERTScore.zero
        if pair.candidate.count > emptyText.count, pair.reference.count > emptyText.count {
          score = BERTScore(
            precision: mean(of: match.candidate, pair.candidate),
            recall: mean(of: match.reference, pair.reference))
        }
        return .matching(options.baseline?.rescale(score) ?? score)
      }
    }
  }

  /// The mean of tokens' similarities by their weights; NaN when none of them has one.
  private func mean(of similarities: [Float], _ ids: [Int]) -> Double {
    var sum = 0.0
    var weights = 0.0
    for (similarity, id) in zip(similarities, ids) {
      let weight =
        options.usesFrequencies
        ? frequencies.weight(of: id) : weightless.contains(id) ? 0 : 1
      sum += weight * Double(similarity)
      weights += weight
    }
    return sum / weights
  }
}
