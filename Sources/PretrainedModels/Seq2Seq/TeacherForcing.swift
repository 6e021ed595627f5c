internal import Tensors

/// Attention of a decoder that reads whole targets at once: each token sees those before it. Several
/// targets may belong to one source.
struct TeacherForcing: DecoderAttention {
  let model: any EncoderDecoder
  /// The encoder's, `[source tokens, hidden]`.
  let states: Matrix
  let targets: [AttentionSegment]
  let sources: [AttentionSegment]

  init(
    _ model: any EncoderDecoder, states: Matrix, sources: TokenBatch, targets: TokenBatch,
    owners: [Int]
  ) {
    precondition(
      owners.count == targets.lengths.count,
      "\(owners.count) sources for \(targets.lengths.count) targets")
    self.model = model
    self.states = states
    self.targets = AttentionSegment.selfAttention(lengths: targets.lengths)
    self.sources = owners.enumerated().map { target, source in
      AttentionSegment(queries: targets.rows(target), keys: sources.rows(source))
    }
  }

  var longestTarget: Int { targets.reduce(0) { max($0, $1.queries.count) } }

  func attendToTarget(
    _ projected: Matrix, layer: Int, scale: Float, bias: DistanceBias?, into output: Matrix
  ) {
    let inner = output.columns
    model.compute.attention(
      queries: projected.columns(0..<inner), keys: projected.columns(inner..<2 * inner),
      values: projected.columns(2 * inner..<3 * inner), segments: targets,
      heads: model.shape.decoderHeads, scale: scale, bias: bias, isCausal: true,
      precision: model.precision, into: output)
  }

  func attendToSource(_ queries: Matrix, layer: Int, scale: Float, into output: Matrix) {
    let inner = output.columns
    let workspace = model.compute.workspace
    workspace.scope {
      let projected = workspace.matrix(rows: states.rows, columns: 2 * inner)
      model.projectSource(states, layer: layer, into: projected)
      model.compute.attention(
        queries: queries, keys: projected.columns(0..<inner),
        values: projected.columns(inner..<2 * inner), segments: sources,
        heads: model.shape.decoderHeads, scale: scale, precision: model.precision, into: output)
    }
  }
}
