/// A step that changes a text before it is cut.
///
/// Source: tokenizers 0.20.3, `normalizers/`.
indirect enum Normalizer: Sendable {
  case bert(BertNormalizer)
  case unicode(UnicodeNormalization)
  case lowercase
  case stripAccents
  case strip(left: Bool, right: Bool)
  case replace(Replacement)
  case prepend([UInt8])
  case precompiled(PrecompiledCharacterMap)
  case byteLevel
  case nmt
  case sequence([Normalizer])

  /// Changes a text.
  ///
  /// - Parameter text: the text.
  /// - Throws: ``TokenizerError/expressionFailed(pattern:reason:)``.
  func apply(to text: inout NormalizedText) throws(TokenizerError) {
    switch self {
    case .bert(let normalizer): normalizer.apply(to: &text)
    case .unicode(let form):
      guard !text.current.view.isASCII else { return }
      text.rewrite { source, result, head in
        form.append(source, to: &result)
        return head == 0 ? 0 : ByteView.length(startingWith: result.view[0])
      }
    case .lowercase: Self.lowercase(&text)
    case .stripAccents:
      guard !text.current.view.isASCII else { return }
      text.rewriteScalars { scalar, result in
        if !ScalarProperties.table[scalar].contains(.mark) { result.append(scalar: scalar) }
      }
    case .strip(let left, let right): Self.strip(&text, left: left, right: right)
    case .replace(let replacement): try replacement.apply(to: &text)
    case .prepend(let bytes):
      guard text.current.count > 0 else { return }
      text.rewrite { source, result, head in
        result.append(bytes)
        result.append(source)
        return head == 0 ? 0 : head + bytes.count
      }
    case .precompiled(let map): map.apply(to: &text)
    case .byteLevel:
      text.rewrite { source, result, head in
        var newHead = 0
        for index in 0..<source.count {
          result.append(scalar: ByteAlphabet.scalars[Int(source[index])])
          if index < head { newHead = result.count }
        }
        return newHead
      }
    case .nmt: Self.nmt(&text)
    case .sequence(let steps):
      for step in steps {
        try step.apply(to: &text)
        try GrowthLimit.check(text.current.count, of: text.originalCount)
      }
    }
  }

  private static let upperCaseASCII = (0..<128).map { (65...90).contains($0) }

  /// Makes every character lower case, without regard to those around it.
  static func lowercase(_ text: inout NormalizedText) {
    let mapping = LowercaseMapping.shared
    text.rewriteScalars(ascii: upperCaseASCII) { scalar, result in
      if scalar < 0x80 {
        result.append(UInt8(truncatingIfNeeded: scalar) | 0x20)
      } else {
        mapping.append(scalar, to: &result)
      }
    }
  }

  private static func strip(_ text: inout NormalizedText, left: Bool, right: Bool) {
    let view = text.current.view
    var start = 0
    var end = view.count
    while left, start < end {
      let (scalar, length) = view.scalar(at: start)
      guard ScalarProperties.table[scalar].contains(.space) else { break }
      start += length
    }
    while right, end > start {
      let (scalar, place) = view.scalar(before: end)
      guard ScalarProperties.table[scalar].contains(.space) else { break }
      end = place
    }
    text.keep(start..<end)
  }

  private static func nmt(_ text: inout NormalizedText) {
    text.rewriteScalars(ascii: [Bool](repeating: true, count: 128)) { scalar, result in
      switch scalar {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: break
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD:
        result.append(UInt8(ascii: " "))
      default: result.append(scalar: scalar)
      }
    }
  }
}
