public import Tensors

/// A transformer that gives each token a hidden state.
///
/// Belongs to one caller at a time, as its ``compute`` does.
public protocol TextEncoder: AnyObject {
  /// What goes in and what comes out.
  var shape: EncoderShape { get }
  /// Where it computes.
  var compute: Compute { get }
  /// How its linear layers are packed.
  var precision: Precision { get }

  /// Computes the embeddings.
  ///
  /// - Parameters:
  ///   - batch: sequences that ``EncoderShape/check(_:)`` accepts.
  ///   - hidden: receives `[tokens, hidden]`.
  /// - Throws: `TableReadError` when the file of the embeddings cannot be read.
  func embed(_ batch: TokenBatch, into hidden: Matrix) throws(TableReadError)

  /// Computes one layer.
  ///
  /// - Parameters:
  ///   - layer: its number, from 0.
  ///   - hidden: the states before it, `[tokens, hidden]`; receives those after it.
  ///   - batch: the sequences.
  func apply(layer: Int, to hidden: Matrix, of batch: TokenBatch)
}

extension TextEncoder {
  /// Computes the hidden states of one batch.
  ///
  /// - Parameters:
  ///   - batch: sequences that ``EncoderShape/check(_:)`` accepts.
  ///   - layers: how many layers are computed; all by default.
  ///   - observe: receives the embeddings as number 0 and the states after each layer, 1 and up.
  ///   - body: receives the last states, `[tokens, hidden]`, which are valid until it returns.
  /// - Returns: what `body` returns.
  /// - Throws: `TableReadError` when the file of the embeddings cannot be read; what `body` throws.
  public func withHiddenStates<Result>(
    of batch: TokenBatch, layers: Int? = nil, observe: ((Int, Matrix) -> Void)? = nil,
    _ body: (Matrix) throws -> Result
  ) throws -> Result {
    let layers = layers ?? shape.layerCount
    precondition(
      layers >= 0 && layers <= shape.layerCount, "\(layers) layers of \(shape.layerCount)")
    return try compute.workspace.scope {
      let hidden = compute.workspace.matrix(rows: batch.count, columns: shape.hiddenSize)
      try embed(batch, into: hidden)
      observe?(0, hidden)
      for layer in 0..<layers {
        compute.workspace.scope { apply(layer: layer, to: hidden, of: batch) }
        observe?(layer + 1, hidden)
      }
      return try body(hidden)
    }
  }

  /// Computes the hidden states of any number of sequences in batches of bounded memory.
  ///
  /// - Parameters:
  ///   - sequences: what to read, in any order of lengths.
  ///   - layers: how many layers are computed; all by default.
  ///   - tokenBudget: the most tokens of a batch; a longer sequence has a batch of its own.
  ///   - body: receives for each batch the numbers of its sequences in the request, the batch, and
  ///     the states `[tokens, hidden]`, which are valid until it returns.
  /// - Throws: ``ModelInputError`` before anything is computed; `TableReadError` when the file of the
  ///   embeddings cannot be read; what `body` throws.
  public func forEachBatch(
    of sequences: [TokenSequence], layers: Int? = nil,
    tokenBudget: Int = EncoderDefaults.tokenBudget,
    _ body: (_ numbers: [Int], _ batch: TokenBatch, _ hidden: Matrix) throws -> Void
  ) throws {
    try shape.check(sequences)
    let plan = BatchPlan(lengths: sequences.map(\.ids.count), tokenBudget: tokenBudget)
    for numbers in plan.batches {
      let batch = TokenBatch(numbers.map { sequences[$0] })
      try withHiddenStates(of: batch, layers: layers) { try body(numbers, batch, $0) }
    }
  }
}
