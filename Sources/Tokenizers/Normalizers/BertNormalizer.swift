/// BERT's cleaning of texts.
///
/// Source: tokenizers 0.20.3, `normalizers/bert.rs`.
struct BertNormalizer: Sendable, Equatable {
  /// Whether controls are removed and white space becomes a space.
  var cleansText = true
  /// Whether ideographs get spaces around them.
  var separatesChinese = true
  /// Whether accents are removed; `nil` when they go with the case.
  var stripsAccents: Bool?
  /// Whether the text is made lower case.
  var lowercases = true

  private static let changedByCleaning = (0..<128).map {
    $0 < 0x20 || $0 == 0x7F
  }

  /// Changes a text.
  func apply(to text: inout NormalizedText) {
    if cleansText { clean(&text) }
    let isASCII = text.current.view.isASCII
    if separatesChinese, !isASCII {
      text.rewriteScalars { scalar, result in
        let isChinese = ScalarProperties.table[scalar].contains(.chinese)
        if isChinese { result.append(UInt8(ascii: " ")) }
        result.append(scalar: scalar)
        if isChinese { result.append(UInt8(ascii: " ")) }
      }
    }
    if stripsAccents ?? lowercases, !isASCII {
      text.rewrite { source, result, head in
        UnicodeNormalization(composes: false, isCompatible: false).append(source, to: &result)
        return min(head, result.count)
      }
      text.rewriteScalars { scalar, result in
        if !ScalarProperties.table[scalar].contains(.nonspacingMark) {
          result.append(scalar: scalar)
        }
      }
    }
    if lowercases { Normalizer.lowercase(&text) }
  }

  private func clean(_ text: inout NormalizedText) {
    text.rewriteScalars(ascii: Self.changedByCleaning) { scalar, result in
      switch scalar {
      case 0x09, 0x0A, 0x0D: result.append(UInt8(ascii: " "))
      case 0x00, 0xFFFD: break
      default:
        let properties = ScalarProperties.table[scalar]
        if properties.contains(.other) { return }
        if properties.contains(.space) {
          result.append(UInt8(ascii: " "))
        } else {
          result.append(scalar: scalar)
        }
      }
    }
  }
}
