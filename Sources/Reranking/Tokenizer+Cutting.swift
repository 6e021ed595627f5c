internal import Tokenizers

extension Tokenizer {
  /// A text cut to a number of tokens and turned into text again.
  ///
  /// Not the same text even where nothing is cut: what decoding changes, the rankers that do this
  /// were trained with.
  ///
  /// Source: LLM-Blender `pair_ranker/collator.py`, `get_truncated_text`.
  func cut(_ text: String, to limit: Int) throws -> String {
    try decode(encode(text, maximumLength: limit))
  }
}
