internal import PretrainedModels
package import Tensors

/// What a user can choose of how a ranker reads and computes.
package struct RankerOptions: Sendable, Equatable {
  /// How pairs are encoded; `nil` for what the checkpoint's layout goes with.
  package var encoding: PairEncoding?
  /// The most tokens of a source; `nil` for the checkpoint's.
  package var sourceLimit: Int?
  /// The most tokens of a candidate; `nil` for the checkpoint's.
  package var candidateLimit: Int?
  /// How the encoder's linear layers are packed.
  package var precision = Precision.float32
  /// The most tokens that are computed together.
  package var tokenBudget = EncoderDefaults.tokenBudget

  /// The checkpoint's choices, in 32-bit floats.
  package init() {}

  /// The limits, those of the user before those of the checkpoint.
  func limits(
    _ limits: PairEncoding.Limits, minimum: Int
  ) throws(RerankingError) -> PairEncoding.Limits {
    let chosen = PairEncoding.Limits(
      source: sourceLimit ?? limits.source, candidate: candidateLimit ?? limits.candidate)
    for (name, value) in [("source", chosen.source), ("candidate", chosen.candidate)]
    where value < minimum {
      throw .lengthTooShort(name: "the \(name)'s maximum length", got: value, minimum: minimum)
    }
    return chosen
  }
}
