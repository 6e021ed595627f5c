/// Replaces every place that a pattern fits.
///
/// Source: tokenizers 0.20.3, `normalizers/replace.rs`, which is a decoder as well.
struct Replacement: Sendable {
  private enum Pattern: Sendable {
    case literal([UInt8])
    /// At least so many spaces in a row: the pattern of converted SentencePiece models.
    case spaces(Int)
    case expression(RegularExpression)
  }

  private let pattern: Pattern
  private let content: [UInt8]

  /// Replaces a text.
  init(literal: String, content: String) throws(TokenizerError) {
    self.content = Array(content.utf8)
    // Nothing at all fits everywhere, as an empty expression does.
    pattern =
      literal.isEmpty ? .expression(try RegularExpression("")) : .literal(Array(literal.utf8))
  }

  /// Replaces what an expression matches.
  init(expression: String, content: String) throws(TokenizerError) {
    self.content = Array(content.utf8)
    switch expression {
    case " {2,}": pattern = .spaces(2)
    case " +": pattern = .spaces(1)
    default: pattern = .expression(try RegularExpression(expression))
    }
  }

  /// Changes a text.
  func apply(to text: inout NormalizedText) throws(TokenizerError) {
    var failure: TokenizerError?
    text.rewrite { source, result, head in
      var newHead = head == 0 ? 0 : -1
      var last = 0
      do throws(TokenizerError) {
        let limit = GrowthLimit.limit(of: source.count)
        try forEachMatch(in: source) { match in
          guard result.count <= limit else {
            failure = .oversized(bytes: result.count, limit: limit)
            return
          }
          if newHead < 0, match.upperBound > head {
            newHead = result.count + max(0, min(head, match.lowerBound) - last)
          }
          result.append(source[last..<match.lowerBound])
          result.append(content)
          last = match.upperBound
        }
      } catch { failure = error }
      if newHead < 0 { newHead = result.count + max(0, head - last) }
      result.append(source[last..<source.count])
      return newHead
    }
    if let failure { throw failure }
  }

  /// Appends a text with everything replaced.
  func append(_ text: ByteView, to result: inout ByteBuffer) throws(TokenizerError) {
    var last = 0
    try forEachMatch(in: text) { match in
      result.append(text[last..<match.lowerBound])
      result.append(content)
      last = match.upperBound
    }
    result.append(text[last..<text.count])
  }

  private func forEachMatch(
    in text: ByteView, _ body: (Range<Int>) -> Void
  ) throws(TokenizerError) {
    switch pattern {
    case .literal(let bytes):
      var index = 0
      while index + bytes.count <= text.count {
        if text[index] == bytes[0], text.hasBytes(bytes, at: index) {
          body(index..<(index + bytes.count))
          index += bytes.count
        } else {
          index += 1
        }
      }
    case .spaces(let minimum):
      var index = 0
      while index < text.count {
        guard text[index] == 0x20 else {
          index += 1
          continue
        }
        let start = index
        while index < text.count, text[index] == 0x20 { index += 1 }
        if index - start >= minimum { body(start..<index) }
      }
    case .expression(let expression):
      // HF finds nothing in an empty text, not even what fits nothing.
      if !text.isEmpty { try expression.forEachMatch(in: text, body) }
    }
  }
}
