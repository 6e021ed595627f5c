internal import Foundation

/// Buckets of the distances between tokens: exact ones near by, logarithmic ones further off.
///
/// Source: Raffel et al., "Exploring the Limits of Transfer Learning with a Unified Text-to-Text
/// Transformer", 2020, https://arxiv.org/abs/1910.10683; transformers/models/t5/modeling_t5.py
/// @v4.46.3, `T5Attention._relative_position_bucket`, whose 32-bit arithmetic decides at borders.
struct RelativeBuckets: Sendable {
  /// All buckets.
  let count: Int
  /// Distances from this on share the last bucket.
  let maxDistance: Int
  /// Whether keys after the query have buckets of their own, half of all; else they count as near.
  let isBidirectional: Bool

  /// The bucket of a key that stands `distance` tokens after the query.
  func bucket(distance: Int) -> Int {
    let own = isBidirectional ? count / 2 : count
    let first = isBidirectional && distance > 0 ? own : 0
    let length = isBidirectional ? abs(distance) : max(0, -distance)
    let exact = own / 2
    guard length >= exact else { return first + length }
    let position =
      log(Float(length) / Float(exact)) / Float(log(Double(maxDistance) / Double(exact)))
      * Float(own - exact)
    // A distance of 0 where no bucket is exact has the logarithm -infinity.
    guard position.isFinite else { return first + own - 1 }
    return first + min(exact + Int(position), own - 1)
  }
}
