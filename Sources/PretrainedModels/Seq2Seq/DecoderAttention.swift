public import Tensors

/// Where the layers of a decoder find keys and values: with whole targets at hand, or in what was
/// kept of the steps before.
public protocol DecoderAttention {
  /// The most tokens of a target so far.
  var longestTarget: Int { get }

  /// Attention of each token to its past and itself.
  ///
  /// - Parameters:
  ///   - projected: queries, keys and values of the tokens, `[tokens, 3 * inner]`.
  ///   - layer: the layer, from 0.
  ///   - scale: the factor of the products.
  ///   - bias: added after scaling, by distance.
  ///   - output: `[tokens, inner]`.
  func attendToTarget(
    _ projected: Matrix, layer: Int, scale: Float, bias: DistanceBias?, into output: Matrix)

  /// Attention of each token to the whole source.
  ///
  /// - Parameters:
  ///   - queries: `[tokens, inner]`.
  ///   - layer: the layer, from 0.
  ///   - scale: the factor of the products.
  ///   - output: `[tokens, inner]`; may be the queries themselves.
  func attendToSource(_ queries: Matrix, layer: Int, scale: Float, into output: Matrix)
}
