/// How a source and two candidates become one sequence of tokens.
///
/// Both write `[CLS] source [SEP] [CLS] first [SEP] [CLS] second [SEP]`, each text with its marker;
/// they differ in how long texts are cut.
///
/// Source: LLM-Blender `pair_ranker/collator.py`, `CrossCompareCollator`, and `tokenize_pair` of the
/// model card of `llm-blender/PairRM-hf`.
package enum PairEncoding: String, Sendable, CaseIterable {
  /// The hub's form: candidates share the room that their own source leaves.
  case hub
  /// The form of training: separators in texts become spaces, and candidates share the room that
  /// the longest source of a batch leaves.
  case collator

  /// How many tokens texts may have, special tokens and marker included.
  package struct Limits: Sendable, Equatable {
    /// Of a source.
    package var source: Int
    /// Of a candidate, when its source takes all that it may.
    package var candidate: Int

    /// Limits.
    ///
    /// - Parameters:
    ///   - source: of a source.
    ///   - candidate: of a candidate.
    package init(source: Int, candidate: Int) {
      self.source = source
      self.candidate = candidate
    }

    /// Those of PairRM.
    package static let pairRM = Limits(source: 1224, candidate: 412)
    /// Those of the paper, and of a `RankerConfig` that does not say.
    package static let published = Limits(source: 128, candidate: 128)
  }

  /// The most tokens of a candidate.
  ///
  /// - Parameters:
  ///   - limits: the limits.
  ///   - used: the tokens of the source; for the collator's form, of the longest of the batch.
  /// - Returns: the number, special tokens and marker included.
  func candidateLimit(_ limits: Limits, used: Int) -> Int {
    switch self {
    case .hub: (limits.source + 2 * limits.candidate - used) / 2
    case .collator: limits.candidate + (limits.source - used) / 2
    }
  }
}
