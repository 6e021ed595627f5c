internal import Tensors

/// What a decoder keeps between steps: the keys and values of sources, and those of the targets so
/// far.
final class DecoderMemory {
  /// The open sequences of one source; each has a lane of its own.
  struct Sequences {
    let source: PackedKeyValues
    let lanes: [Int]
    /// For each open sequence, the lane of each of its positions.
    var histories: [[Int32]]

    /// The sequences after a step: each goes on one of those before.
    mutating func branch(parents: [Int]) {
      histories = parents.map { histories[$0] }
    }
  }

  private let model: any EncoderDecoder
  private let cache: KeyValueCache
  private var freeLanes: [Int]

  /// Prepares to keep sequences.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - lanes: how many sequences can be open at the same time.
  init(_ model: any EncoderDecoder, lanes: Int) {
    self.model = model
    let shape = model.shape
    cache = KeyValueCache(
      lanes: lanes, layers: shape.decoderLayers, heads: shape.decoderHeads,
      headSize: shape.decoderHeadSize, precision: model.precision, for: model.compute)
    freeLanes = Array((0..<lanes).reversed())
  }

  /// Reads sources together and opens sequences for each.
  ///
  /// - Parameters:
  ///   - sources: the tokens of each source, checked.
  ///   - count: how many sequences each source has; there must be lanes for all.
  /// - Returns: the sequences of each source, without tokens.
  /// - Throws: `TableReadError`; nothing is open then.
  func open(_ sources: [[Int]], count: Int) throws(TableReadError) -> [Sequences] {
    precondition(
      sources.count * count <= freeLanes.count,
      "\(sources.count) x \(count) sequences for \(freeLanes.count) lanes")
    let shape = model.shape
    let compute = model.compute
    let batch = TokenBatch(sources.map { TokenSequence($0) })
    let packed = sources.map { source in
      PackedKeyValues(
        count: source.count, layers: shape.decoderLayers, heads: shape.decoderHeads,
        headSize: shape.decoderHeadSize, precision: model.precision, for: compute)
    }
    try compute.workspace.scope { () throws(TableReadError) in
      let states = compute.workspace.matrix(rows: batch.count, columns: shape.hiddenSize)
      try model.encode(batch, into: states)
      let inner = shape.decoderInner
      let projected = compute.workspace.matrix(rows: batch.count, columns: 2 * inner)
      for layer in 0..<shape.decoderLayers {
        model.projectSource(states, layer: layer, into: projected)
        PackedKeyValues.pack(
          keys: projected.columns(0..<inner), values: projected.columns(inner..<2 * inner),
          sequences: sources.indices.map { batch.rows($0) }, layer: layer, into: packed,
          on: compute)
      }
    }
    return sources.indices.map { index in
      let lanes = Array(freeLanes.suffix(count).reversed())
      freeLanes.removeLast(count)
      return Sequences(
        source: packed[index], lanes: lanes,
        histories: Array(repeating: [], count: count))
    }
  }

  /// Gives the lanes of a source's sequences back.
  func close(_ sequences: Sequences) { freeLanes += sequences.lanes.reversed() }

  /// Reads the next token of each open sequence.
  ///
  /// - Parameters:
  ///   - sequences: the open sequences of all sources; their histories grow by the token.
  ///   - tokens: the next token of each, in the order of sources and sequences.
  ///   - body: receives the scores of the tokens after these, `[tokens, vocabulary]`, valid until it
  ///     returns.
  /// - Returns: what `body` returns.
  /// - Throws: `TableReadError`.
  func step<Result>(
    _ sequences: inout [Sequences], tokens: [Int], _ body: (Matrix) -> Result
  ) throws(TableReadError) -> Result {
    var rows: [Range<Int>] = []
    var lanes: [Int] = []
    var positions: [Int] = []
    var histories: [[Int32]] = []
    for index in sequences.indices {
      let first = lanes.count
      for row in sequences[index].histories.indices {
        let lane = sequences[index].lanes[row]
        positions.append(sequences[index].histories[row].count)
        sequences[index].histories[row].append(Int32(lane))
        histories.append(sequences[index].histories[row])
        lanes.append(lane)
      }
      rows.append(first..<lanes.count)
    }
    precondition(tokens.count == lanes.count, "\(tokens.count) tokens for \(lanes.count) sequences")
    let longest = positions.reduce(0) { max($0, $1 + 1) }
    cache.reserve(longest)
    let compute = model.compute
    let attention = IncrementalDecoding(
      compute: compute, cache: cache, places: cache.places(histories), lanes: lanes,
      positions: positions,
      sources: sequences.map(\.source), rows: rows)
    return try compute.workspace.scope { () throws(TableReadError) -> Result in
      let hidden = compute.workspace.matrix(rows: tokens.count, columns: model.shape.hiddenSize)
      try model.embedTarget(tokens, positions: positions, into: hidden)
      for layer in 0..<model.shape.decoderLayers {
        model.applyDecoder(layer: layer, to: hidden, attention: attention)
      }
      let logits = compute.workspace.matrix(
        rows: tokens.count, columns: model.shape.vocabularySize)
      model.project(hidden, into: logits)
      return body(logits)
    }
  }
}
