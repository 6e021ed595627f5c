/// What the parts of a tokenizer ask of a character.
struct ScalarProperties: OptionSet, Hashable, Sendable {
  let rawValue: UInt16

  /// Controls, formats and private use, which BERT's cleaning removes.
  static let other = ScalarProperties(rawValue: 1 << 0)
  /// White space.
  static let space = ScalarProperties(rawValue: 1 << 1)
  /// Punctuation, and the ASCII symbols that BERT counts as such.
  static let punctuation = ScalarProperties(rawValue: 1 << 2)
  /// Numbers of every kind.
  static let numeric = ScalarProperties(rawValue: 1 << 3)
  /// Characters of words: `\w` of the `regex` crate.
  static let word = ScalarProperties(rawValue: 1 << 4)
  /// Marks of every kind.
  static let mark = ScalarProperties(rawValue: 1 << 5)
  /// Marks without a width of their own, which BERT strips as accents.
  static let nonspacingMark = ScalarProperties(rawValue: 1 << 6)
  /// `\p{L}` of Oniguruma.
  static let regexLetter = ScalarProperties(rawValue: 1 << 7)
  /// `\p{N}` of Oniguruma.
  static let regexNumber = ScalarProperties(rawValue: 1 << 8)
  /// `\s` of Oniguruma.
  static let regexSpace = ScalarProperties(rawValue: 1 << 9)
  /// Ideographs that BERT puts spaces around.
  static let chinese = ScalarProperties(rawValue: 1 << 10)

  /// The properties of every scalar.
  static let table = TwoStageTable(common: ScalarProperties()) { flat in
    let sections: [(String, ScalarProperties)] = [
      ("other", .other), ("space", .space), ("punctuation", .punctuation), ("numeric", .numeric),
      ("word", .word), ("mark", .mark), ("nonspacing", .nonspacingMark),
      ("regex-letter", .regexLetter), ("regex-number", .regexNumber), ("regex-space", .regexSpace),
    ]
    for (section, property) in sections {
      UnicodeTables.forEachRange(of: section) { range in
        for scalar in range { flat[scalar].formUnion(property) }
      }
    }
    // Source: tokenizers 0.20.3, normalizers/bert.rs: blocks with a gap at U+2B820.
    let chineseBlocks = [
      0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
      0x2B920...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F,
    ]
    for block in chineseBlocks {
      for scalar in block { flat[scalar].formUnion(.chinese) }
    }
  }
}
