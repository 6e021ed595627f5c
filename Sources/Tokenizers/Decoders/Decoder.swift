/// A step on the way from tokens back to a text.
///
/// Source: tokenizers 0.20.3, `decoders/`.
indirect enum Decoder: Sendable {
  case bpe(suffix: String)
  case byteFallback
  case byteLevel
  case ctc(pad: String, delimiter: String, cleansUp: Bool)
  case fuse
  case metaspace(Metaspace)
  case replace(Replacement)
  case strip(UInt32, start: Int, stop: Int)
  case wordPiece(prefix: String, cleansUp: Bool)
  case sequence([Decoder])

  /// Changes the texts of tokens.
  ///
  /// - Parameter tokens: the tokens.
  /// - Throws: ``TokenizerError/expressionFailed(pattern:reason:)``.
  func apply(to tokens: inout TokenTexts) throws(TokenizerError) {
    switch self {
    case .bpe(let suffix):
      let last = tokens.count - 1
      tokens.map { index, token, result in
        Self.append(token, replacing: suffix, with: index == last ? "" : " ", to: &result)
      }
    case .byteFallback: Self.joinBytes(&tokens)
    case .byteLevel:
      var bytes: [UInt8] = []
      tokens.forEach { token in bytes += ByteAlphabet.bytes(of: token) ?? token.array }
      tokens.set(Array(String(decoding: bytes, as: UTF8.self).utf8))
    case .ctc(let pad, let delimiter, let cleansUp):
      Self.ctc(&tokens, pad, delimiter, cleansUp)
    case .fuse: tokens.fuse()
    case .metaspace(let metaspace):
      tokens.map { index, token, result in
        let isLeftOut = index == 0 && metaspace.prependScheme != .never
        Self.append(
          token, replacing: metaspace.replacement, with: isLeftOut ? [] : [0x20], to: &result)
      }
    case .replace(let replacement):
      try tokens.map { _, token, result throws(TokenizerError) in
        try replacement.append(token, to: &result)
      }
    case .strip(let scalar, let start, let stop):
      tokens.map { _, token, result in
        result.append(Self.strip(token, scalar, start: start, stop: stop))
      }
    case .wordPiece(let prefix, let cleansUp):
      let prefix = Array(prefix.utf8)
      tokens.map { index, token, result in
        var text: [UInt8] = []
        if index > 0, token.hasBytes(prefix, at: 0) {
          text = token[prefix.count..<token.count].array
        } else {
          text = (index > 0 ? [0x20] : []) + token.array
        }
        result.append(cleansUp ? SpaceCleaning.wordPiece.apply(to: text) : text)
      }
    case .sequence(let steps):
      let original = tokens.view.count
      for step in steps {
        try step.apply(to: &tokens)
        try GrowthLimit.check(tokens.view.count, of: original)
      }
    }
  }

  static func append(
    _ text: ByteView, replacing pattern: String, with content: String, to result: inout ByteBuffer
  ) {
    append(text, replacing: Array(pattern.utf8), with: Array(content.utf8), to: &result)
  }

  /// Appends a text with every place of a pattern replaced; an empty pattern is at every place.
  static func append(
    _ text: ByteView, replacing pattern: [UInt8], with content: [UInt8],
    to result: inout ByteBuffer
  ) {
    var index = 0
    while index < text.count {
      if pattern.isEmpty {
        result.append(content)
        let length = ByteView.length(startingWith: text[index])
        result.append(text[index..<(index + length)])
        index += length
      } else if text.hasBytes(pattern, at: index) {
        result.append(content)
        index += pattern.count
      } else {
        result.append(text[index])
        index += 1
      }
    }
    if pattern.isEmpty { result.append(content) }
  }

  private static func strip(
    _ token: ByteView, _ scalar: UInt32, start: Int, stop: Int
  ) -> ByteView {
    var lower = 0
    var cut = 0
    while cut < start, lower < token.count {
      let (found, length) = token.scalar(at: lower)
      guard found == scalar else { break }
      lower += length
      cut += 1
    }
    // The end is looked at on its own: a token of nothing else may be cut twice.
    var upper = token.count
    cut = 0
    while cut < stop, upper > 0 {
      let (found, place) = token.scalar(before: upper)
      guard found == scalar else { break }
      upper = place
      cut += 1
    }
    return token[min(lower, upper)..<upper]
  }

  /// Joins tokens like `<0x0A>` to characters.
  private static func joinBytes(_ tokens: inout TokenTexts) {
    var pending: [UInt8] = []
    var joined = TokenTexts()
    func flush(_ joined: inout TokenTexts) {
      guard !pending.isEmpty else { return }
      if String(validating: pending, as: UTF8.self) != nil {
        joined.append(pending)
      } else {
        for _ in pending { joined.append(Array("\u{FFFD}".utf8)) }
      }
      pending.removeAll()
    }
    tokens.forEach { token in
      if let byte = byte(of: token) {
        pending.append(byte)
      } else {
        flush(&joined)
        joined.append(token.array)
      }
    }
    flush(&joined)
    tokens = joined
  }

  private static func byte(of token: ByteView) -> UInt8? {
    guard token.count == 6, token.hasBytes(Array("<0x".utf8), at: 0),
      token[5] == UInt8(ascii: ">")
    else { return nil }
    return UInt8(String(decoding: token[3..<5].array, as: UTF8.self), radix: 16)
  }

  private static func ctc(
    _ tokens: inout TokenTexts, _ pad: String, _ delimiter: String, _ cleansUp: Bool
  ) {
    var result = TokenTexts()
    var last: [UInt8]?
    tokens.forEach { token in
      let text = token.array
      defer { last = text }
      guard last != text else { return }
      var buffer = ByteBuffer()
      append(token, replacing: pad, with: "", to: &buffer)
      if cleansUp {
        let cleaned = SpaceCleaning.wordPiece.apply(to: buffer.view.array)
        buffer.removeAll()
        cleaned.withView { append($0, replacing: delimiter, with: " ", to: &buffer) }
      }
      if buffer.count > 0 { result.append(buffer.view.array) }
    }
    tokens = result
  }
}
