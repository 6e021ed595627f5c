/// Which text is given and which one is to be probable.
///
/// Source: Yuan et al., "BARTScore", 2021, https://arxiv.org/abs/2106.11520, section 3.2.
package enum BARTScoreDirection: String, Sendable, CaseIterable {
  /// The reference given the candidate, as MixInstruct has it; the paper's recall.
  case candidateToReference = "candidate-to-reference"
  /// The candidate given the reference; the paper's precision.
  case referenceToCandidate = "reference-to-candidate"
  /// The mean of both; the paper's F.
  case mean
}
