/// The rankers that can be loaded.
package enum RankerKind: String, Sendable, CaseIterable {
  /// Compares pairs in one encoder.
  case pairRanker = "pairranker"
  /// Scores each candidate with a mixture of experts.
  case summaReranker = "summareranker"
  /// Compares embeddings of source and candidate.
  case simCLS = "simcls"
  /// A classifier of source and candidate with one label.
  case reward
  /// The pseudo-log-likelihood of a candidate after its source.
  case maskedLanguageModel = "mlm"
  /// The ranker that is shipped: weights on features of a frozen encoder.
  case features = "default"

  /// What LLM-Blender calls the kinds in `ranker_type`.
  ///
  /// Source: LLM-Blender `pair_ranker/config.py` and `model_util.py`, `build_ranker`.
  static let publishedNames: KeyValuePairs<String, RankerKind> = [
    "pairranker": .pairRanker, "summareranker": .summaReranker, "dual": .simCLS,
    "simcls": .simCLS, "deberta-rm": .reward,
  ]

  /// Whether it compares pairs; the others give each candidate a score by itself.
  package var isPairwise: Bool { self == .pairRanker }
}
