/// Takes out spaces that come from cutting English texts.
///
/// The replacements are made one after the other over the whole text.
struct SpaceCleaning: Sendable {
  private let replacements: [(pattern: [UInt8], content: [UInt8])]

  private init(_ replacements: [(String, String)]) {
    self.replacements = replacements.map { (Array($0.utf8), Array($1.utf8)) }
  }

  private static let common = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"),
    (" 'm", "'m"),
  ]
  private static let endings = [(" 's", "'s"), (" 've", "'ve"), (" 're", "'re")]

  /// What `clean_up_tokenization_spaces` does.
  ///
  /// Source: transformers 4.46.3, `tokenization_utils_base.py`.
  static let text = SpaceCleaning(common + endings)

  /// What the decoder of WordPiece does to every token.
  ///
  /// Source: tokenizers 0.20.3, `decoders/wordpiece.rs`.
  static let wordPiece = SpaceCleaning(common + [(" do not", " don't")] + endings)

  /// The text without those spaces.
  func apply(to text: [UInt8]) -> [UInt8] {
    // Every pattern starts with a space.
    guard text.contains(0x20) else { return text }
    var text = text
    var buffer = ByteBuffer(capacity: text.count + 16)
    for (pattern, content) in replacements {
      buffer.removeAll()
      text.withView { Decoder.append($0, replacing: pattern, with: content, to: &buffer) }
      if buffer.count != text.count || pattern.count == content.count {
        text = buffer.view.array
      }
    }
    return text
  }
}
