package import Tokenizers

/// Writes what a fuser reads, and cuts it.
///
/// Source: LLM-Blender `gen_fuser/blender_utils.py` and `blender/gen_fuser_utils.py`,
/// `GenFuserDataset`. Differs in that the caller's candidates stay as they are.
package struct FusionPrompt: Sendable, Equatable {
  /// What becomes of the line breaks of a text.
  package enum LineBreaks: String, Sendable, CaseIterable {
    /// They stay, and nothing follows the text: how LLM-Blender fuses.
    case kept
    /// Each is a separator, and one ends the text: how its fine-tuning script writes.
    case separated
  }

  /// The most tokens of a candidate; a longer one is cut and marked.
  package var candidateLimit = 128
  /// The most tokens of everything.
  package var limit = 1024
  /// What becomes of the line breaks.
  package var lineBreaks = LineBreaks.kept

  /// What stands between the parts.
  private static let separator = "</s>"
  /// What marks a candidate that was cut.
  private static let mark = "..."

  /// LLM-Blender's limits.
  package init() {}

  /// What distinguishes it from other prompts, in one string.
  package var signature: String { "\(candidateLimit)/\(limit) \(lineBreaks.rawValue)" }

  /// The text for an input.
  ///
  /// - Parameters:
  ///   - input: the input.
  ///   - tokenizer: counts and cuts the candidates.
  /// - Returns: the text.
  /// - Throws: `TokenizerError`, when the model cannot express a candidate.
  package func text(
    of input: FusionInput, _ tokenizer: Tokenizer
  ) throws(TokenizerError) -> String {
    var parts = ["Instruction: " + input.instruction, "Input: " + input.input]
    for (number, candidate) in input.candidates.enumerated() {
      parts.append("Candidate \(number): <extra_id_\(number)>:" + (try cut(candidate, tokenizer)))
    }
    parts.append("Summarize candidates into a better one for the given instruction:")
    return parts.joined(separator: Self.separator)
  }

  /// The tokens of a text, cut to the limit.
  ///
  /// - Parameters:
  ///   - text: the text for an input.
  ///   - tokenizer: the fuser's tokenizer.
  /// - Returns: the ids; without special tokens around them where line breaks are kept.
  /// - Throws: `TokenizerError`, when the model cannot express the text.
  package func ids(of text: String, _ tokenizer: Tokenizer) throws(TokenizerError) -> [Int] {
    switch lineBreaks {
    case .kept:
      try tokenizer.encode(text, addingSpecialTokens: false, maximumLength: limit).map { Int($0) }
    case .separated:
      try tokenizer.encode(Self.separatingLines(text), maximumLength: limit).map { Int($0) }
    }
  }

  private func cut(_ text: String, _ tokenizer: Tokenizer) throws(TokenizerError) -> String {
    let ids = try tokenizer.encode(text, addingSpecialTokens: false)
    guard ids.count > candidateLimit else { return text }
    return try tokenizer.decode(ids.prefix(candidateLimit), skippingSpecialTokens: false)
      + Self.mark
  }

  /// Byte by byte: "\r\n" is one character, in which the line break must be found as well.
  private static func separatingLines(_ text: String) -> String {
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") { bytes += " \(separator) ".utf8 } else { bytes.append(byte) }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
