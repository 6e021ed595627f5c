internal import Checkpoints
package import PretrainedModels
package import Tensors
internal import Tokenizers

/// PairRanker: one encoder reads a source with two candidates and says which one is better.
///
/// Belongs to one caller at a time, as its encoder does.
///
/// Source: Jiang, Ren, Lin, "LLM-Blender", ACL 2023, https://arxiv.org/abs/2306.02561; LLM-Blender
/// `pair_ranker/ranker.py`, `CrossCompareReranker`, and `llm-blender/PairRM-hf`. Differs in that each
/// text is tokenized once, and each ordered pair of different texts is computed once.
package final class PairRanker {
  /// The numbers of a pair's two candidates, one for each task.
  package struct Scores: Sendable, Equatable {
    /// Of the candidate that stands first.
    package let first: [Float]
    /// Of the other one.
    package let second: [Float]

    /// The pair's logit: above 0 the first candidate is better.
    package var logit: Float {
      zip(first, second).reduce(0) { $0 + ($1.0 - $1.1) } / Float(max(1, first.count))
    }
  }

  /// Two candidates of an input in the order in which they are read.
  package struct Request: Sendable, Hashable {
    /// The number of the input.
    package let input: Int
    /// The candidate that stands first.
    package let first: Int
    /// The other one.
    package let second: Int

    /// A pair.
    ///
    /// - Parameters:
    ///   - input: the number of the input.
    ///   - first: the candidate that stands first.
    ///   - second: the other one.
    package init(input: Int, first: Int, second: Int) {
      self.input = input
      self.first = first
      self.second = second
    }
  }

  /// The encoder.
  package let encoder: any TextEncoder
  /// How pairs are encoded.
  package let encoding: PairEncoding
  /// How long texts may be.
  package let limits: PairEncoding.Limits
  /// Names the tokenizer by its content.
  package var tokenizerSignature: String { tokenizer.tokenizer.signature }

  private let tokenizer: PairTokenizer
  private let head: PairHead
  private let tokenBudget: Int

  /// Loads a ranker in one of its published layouts.
  ///
  /// `PairRM-hf` has the encoder's settings and the markers in its folder; LLM-Blender's own
  /// checkpoints have a `RankerConfig`, and the encoder is described in a folder of its own.
  ///
  /// - Parameters:
  ///   - folder: where it is.
  ///   - options: what the user chose.
  ///   - compute: where it will run.
  /// - Throws: `CheckpointError`, `TokenizerError`, ``RerankingError``.
  package init(_ folder: RankerFolder, options: RankerOptions, for compute: Compute) throws {
    encoding = options.encoding ?? (folder.isPublishedCheckpoint ? .collator : .hub)
    tokenizer = try PairTokenizer(folder: folder.encoderPath)
    limits = try options.limits(
      folder.limits(default: folder.isPublishedCheckpoint ? .published : .pairRM),
      minimum: tokenizer.minimumLength)
    tokenBudget = options.tokenBudget
    let parts = try EncoderParts(folder.model(), named: ["pretrained_model.", ""])
    try Self.check(tokenizer, folder, count: parts.vocabularySize)
    var table = WeightTable()
    parts.configuration.declareWeights(in: &table, prefix: parts.prefix)
    PairHead.declare(
      in: &table, hidden: parts.configuration.shape.hiddenSize,
      tasks: try PairHead.taskCount(parts.checkpoint))
    let reader = WeightReader(
      try Weights(parts.checkpoint, table), precision: options.precision, for: compute)
    encoder = try parts.configuration.makeEncoder(reader, prefix: parts.prefix)
    head = try PairHead(reader)
  }

  private static func check(
    _ tokenizer: PairTokenizer, _ folder: RankerFolder, count: Int
  ) throws {
    let markers = [
      ("source_prefix_id", tokenizer.sourceID), ("cand1_prefix_id", tokenizer.firstID),
      ("cand2_prefix_id", tokenizer.secondID),
    ]
    for ((key, id), marker) in zip(markers, PairTokenizer.markers) {
      guard id < count else {
        throw RerankingError.vocabulary(
          path: folder.path, token: marker, id: Int(id), count: count)
      }
      let named = try folder.settings.int(key, in: 0...1 << 30, default: Int(id))
      guard named == id else {
        throw RerankingError.markerID(
          path: "\(folder.path)/config.json", key: key, got: named, expected: Int(id))
      }
    }
  }

  /// Tokenizes inputs.
  ///
  /// - Parameter inputs: the inputs. In the collator's form they are one batch: the longest source
  ///   among them decides how long the candidates of all may be.
  /// - Returns: their tokens.
  /// - Throws: `TokenizerError`, when the model cannot express a text.
  package func prepare(_ inputs: [RankingInput]) throws -> [PreparedInput] {
    try tokenizer.prepare(inputs, encoding, limits)
  }

  /// The tokens of a pair.
  ///
  /// - Parameters:
  ///   - first: the candidate that stands first.
  ///   - second: the other one.
  ///   - input: the input.
  /// - Returns: the tokens as the encoder reads them.
  package func tokens(_ first: Int, _ second: Int, of input: PreparedInput) -> [Int] {
    tokenizer.pair(first, second, of: input).ids
  }

  /// Compares pairs; each ordered pair of different texts of an input is computed once.
  ///
  /// - Parameters:
  ///   - requests: the pairs.
  ///   - inputs: the inputs that they are of.
  ///   - observe: called after each batch with the number of requests that are answered; what it
  ///     throws ends the work.
  /// - Returns: the numbers of each pair.
  /// - Throws: `ModelInputError` for a pair that is longer than the model has positions,
  ///   ``RerankingError/notFinite(input:first:second:)``.
  package func scores(
    of requests: [Request], in inputs: [PreparedInput],
    observe: (_ done: Int) throws -> Void = { _ in }
  ) throws -> [Scores] {
    var unique: [Request: Int] = [:]
    var sequences: [TokenSequence] = []
    var markers: [(source: Int, first: Int, second: Int)] = []
    var uses: [Int] = []
    let places = requests.map { request in
      let input = inputs[request.input]
      let key = Request(
        input: request.input, first: input.places[request.first],
        second: input.places[request.second])
      if let place = unique[key] {
        uses[place] += 1
        return place
      }
      unique[key] = sequences.count
      let pair = tokenizer.pair(request.first, request.second, of: input)
      sequences.append(TokenSequence(pair.ids))
      markers.append(pair.markers)
      uses.append(1)
      return sequences.count - 1
    }
    var results = [Scores?](repeating: nil, count: sequences.count)
    var done = 0
    let compute = encoder.compute
    try encoder.forEachBatch(of: sequences, tokenBudget: tokenBudget) { numbers, batch, hidden in
      compute.workspace.scope {
        let rows = zip(numbers, batch.starts).map { number, start in
          (
            source: start + markers[number].source, first: start + markers[number].first,
            second: start + markers[number].second
          )
        }
        for (number, scores) in zip(numbers, head.scores(of: hidden, rows, compute)) {
          results[number] = scores
        }
      }
      done += numbers.reduce(0) { $0 + uses[$1] }
      try observe(done)
    }
    for (request, place) in zip(requests, places)
    where !(results[place]?.logit.isFinite ?? false) {
      throw RerankingError.notFinite(
        input: request.input, first: request.first, second: request.second)
    }
    return places.compactMap { results[$0] }
  }
}
