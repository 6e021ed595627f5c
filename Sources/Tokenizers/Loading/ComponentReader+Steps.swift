internal import JSON

// Source: tokenizers 0.20.3, the `Deserialize` implementations of each component.

extension ComponentReader {
  /// Reads a normalizer.
  func normalizer() throws(TokenizerError) -> Normalizer {
    switch try type {
    case "BertNormalizer":
      return .bert(
        BertNormalizer(
          cleansText: try bool("clean_text"),
          separatesChinese: try bool("handle_chinese_chars"),
          stripsAccents: has("strip_accents") ? try bool("strip_accents") : nil,
          lowercases: try bool("lowercase")))
    case "NFC": return .unicode(UnicodeNormalization(composes: true, isCompatible: false))
    case "NFD": return .unicode(UnicodeNormalization(composes: false, isCompatible: false))
    case "NFKC": return .unicode(UnicodeNormalization(composes: true, isCompatible: true))
    case "NFKD": return .unicode(UnicodeNormalization(composes: false, isCompatible: true))
    case "Lowercase": return .lowercase
    case "StripAccents": return .stripAccents
    case "Strip": return .strip(left: try bool("strip_left"), right: try bool("strip_right"))
    case "Replace": return .replace(try replacement())
    case "Prepend": return .prepend(Array(try string("prepend").utf8))
    case "Precompiled":
      guard let blob = Base64.decode(try string("precompiled_charsmap")) else {
        throw failure("has a 'precompiled_charsmap' that is not base64")
      }
      guard let map = PrecompiledCharacterMap(blob) else {
        throw failure("has a 'precompiled_charsmap' whose trie or texts are broken")
      }
      return .precompiled(map)
    case "ByteLevel": return .byteLevel
    case "Nmt": return .nmt
    case "Sequence":
      return .sequence(
        try read("normalizers") { reader throws(TokenizerError) in try reader.normalizer() })
    case let type:
      throw unsupported(
        "type \(type)",
        expected: "BertNormalizer, NFC, NFD, NFKC, NFKD, Lowercase, StripAccents, Strip, Replace, "
          + "Prepend, Precompiled, ByteLevel, Nmt or Sequence")
    }
  }

  /// Reads a pre-tokenizer.
  func preTokenizer() throws(TokenizerError) -> PreTokenizer {
    switch try type {
    case "BertPreTokenizer": return .bert
    case "ByteLevel":
      return .byteLevel(
        addsPrefixSpace: try bool("add_prefix_space"),
        splitsWords: try bool("use_regex", default: true))
    case "CharDelimiterSplit": return .delimiter(try scalar("delimiter").value)
    case "Metaspace": return .metaspace(try metaspace())
    case "Whitespace": return .whitespace
    case "WhitespaceSplit": return .whitespaceSplit
    case "Split":
      return .split(try pattern(), try behavior("behavior"), inverted: try bool("invert"))
    case "Punctuation":
      return .punctuation(has("behavior") ? try behavior("behavior") : .isolated)
    case "Digits": return .digits(individual: try bool("individual_digits"))
    case "Sequence":
      return .sequence(
        try read("pretokenizers") { reader throws(TokenizerError) in try reader.preTokenizer() })
    case let type:
      throw unsupported(
        "type \(type)",
        expected: "BertPreTokenizer, ByteLevel, CharDelimiterSplit, Metaspace, Whitespace, "
          + "WhitespaceSplit, Split, Punctuation, Digits or Sequence")
    }
  }

  /// Reads a decoder.
  func decoder() throws(TokenizerError) -> Decoder {
    switch try type {
    case "BPEDecoder": return .bpe(suffix: try string("suffix"))
    case "ByteFallback": return .byteFallback
    case "ByteLevel": return .byteLevel
    case "CTC":
      return .ctc(
        pad: try string("pad_token"), delimiter: try string("word_delimiter_token"),
        cleansUp: try bool("cleanup"))
    case "Fuse": return .fuse
    case "Metaspace": return .metaspace(try metaspace())
    case "Replace": return .replace(try replacement())
    case "Strip":
      return .strip(
        try scalar("content").value, start: try count("start"), stop: try count("stop"))
    case "WordPiece":
      return .wordPiece(prefix: try string("prefix"), cleansUp: try bool("cleanup"))
    case "Sequence":
      return .sequence(
        try read("decoders") { reader throws(TokenizerError) in try reader.decoder() })
    case let type:
      throw unsupported(
        "type \(type)",
        expected: "BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse, Metaspace, Replace, Strip, "
          + "WordPiece or Sequence")
    }
  }

  private func read<Step>(
    _ key: String, _ body: (ComponentReader) throws(TokenizerError) -> Step
  ) throws(TokenizerError) -> [Step] {
    var steps: [Step] = []
    for element in try elements(key) { steps.append(try body(element)) }
    return steps
  }

  /// The kinds of patterns of `Replace` and `Split`.
  private func patternText() throws(TokenizerError) -> (text: String, isExpression: Bool) {
    let pattern = try component("pattern")
    if pattern.has("String") { return (try pattern.string("String"), false) }
    if pattern.has("Regex") { return (try pattern.string("Regex"), true) }
    throw pattern.failure("is \(pattern.value.json()), expected {\"String\": …} or {\"Regex\": …}")
  }

  private func replacement() throws(TokenizerError) -> Replacement {
    let (text, isExpression) = try patternText()
    let content = try string("content")
    return try isExpression
      ? Replacement(expression: text, content: content)
      : Replacement(literal: text, content: content)
  }

  private func pattern() throws(TokenizerError) -> PreTokenizer.Pattern {
    let (text, isExpression) = try patternText()
    guard isExpression else {
      return text.isEmpty ? .expression(try RegularExpression("")) : .literal(Array(text.utf8))
    }
    if let words = WordPattern(expression: text) { return .words(words) }
    return .expression(try RegularExpression(text))
  }

  private func behavior(
    _ key: String
  ) throws(TokenizerError) -> PreTokenizedText.Behavior {
    let name = try string(key)
    guard let behavior = PreTokenizedText.Behavior(rawValue: name) else {
      throw unsupported(
        "\(key) \(name)",
        expected: "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous")
    }
    return behavior
  }

  private func metaspace() throws(TokenizerError) -> Metaspace {
    var scheme = Metaspace.PrependScheme.always
    if has("prepend_scheme") {
      let name = try string("prepend_scheme")
      guard let found = Metaspace.PrependScheme(rawValue: name) else {
        throw unsupported("prepend_scheme \(name)", expected: "always, first or never")
      }
      scheme = found
    }
    // Files of before tokenizers 0.15 have a switch instead of a scheme.
    if try !bool("add_prefix_space", default: true) {
      guard scheme == .never || !has("prepend_scheme") else {
        throw failure("has an 'add_prefix_space' that contradicts its 'prepend_scheme'")
      }
      scheme = .never
    }
    return Metaspace(
      replacement: Array(String(try scalar("replacement")).utf8), prependScheme: scheme,
      splits: try bool("split", default: true))
  }
}
