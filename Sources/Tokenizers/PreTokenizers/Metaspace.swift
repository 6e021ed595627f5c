/// Writes spaces as a visible character, puts one before texts, and cuts before each.
///
/// Source: tokenizers 0.20.3, `pre_tokenizers/metaspace.rs`, which is a decoder as well.
struct Metaspace: Sendable, Equatable {
  /// Which texts get the character put before them.
  enum PrependScheme: String, Sendable {
    /// Every text that does not start with it.
    case always
    /// Such a text only when it stands at the start of all.
    case first
    /// None.
    case never
  }

  /// The character that stands for a space, as UTF-8.
  let replacement: [UInt8]
  /// Which texts get the character put before them.
  let prependScheme: PrependScheme
  /// Whether the text is cut before the character.
  let splits: Bool

  /// Cuts the pieces of a text.
  func apply(to text: inout PreTokenizedText) {
    text.rewrite { piece, head, result in
      let start = result.count
      let isSpaced = piece[0] == 0x20 || piece.hasBytes(replacement, at: 0)
      let adds =
        switch prependScheme {
        case .always: !isSpaced
        case .first: !isSpaced && head > 0
        case .never: false
        }
      if adds { result.append(replacement) }
      var newHead = 0
      for index in 0..<piece.count {
        let byte = piece[index]
        if byte == 0x20 { result.append(replacement) } else { result.append(byte) }
        if index < head { newHead = result.count - start }
      }
      return newHead
    }
    guard splits else { return }
    text.split(.mergedWithNext) { piece, parts in
      var last = 0
      var index = 0
      while index < piece.count {
        guard piece[index] == replacement[0], piece.hasBytes(replacement, at: index) else {
          index += 1
          continue
        }
        if last < index {
          parts.append(PreTokenizedText.Part(start: last, end: index, isMatch: false))
        }
        last = index + replacement.count
        parts.append(PreTokenizedText.Part(start: index, end: last, isMatch: true))
        index = last
      }
      if last < piece.count {
        parts.append(PreTokenizedText.Part(start: last, end: piece.count, isMatch: false))
      }
    }
  }
}
