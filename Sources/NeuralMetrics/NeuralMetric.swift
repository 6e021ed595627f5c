/// A metric that a model computes.
package enum NeuralMetric: String, Sendable, CaseIterable {
  /// How well tokens of two texts match by their hidden states.
  case bertScore = "bertscore"
  /// How probable one text is given the other.
  case bartScore = "bartscore"
  /// What a model that was trained on people's ratings says.
  case bleurt = "bleurt"
  /// How probable a text is, one token masked at a time.
  case pseudoLogLikelihood = "pseudo_log_likelihood"

  /// The name, as in MixInstruct where that has it.
  package var name: String { rawValue }
}
