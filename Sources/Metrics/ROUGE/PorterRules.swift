/// The tables of the Porter stemmer.
///
/// Source: nltk 3.10, `nltk/stem/porter.py`, mode `NLTK_EXTENSIONS`; the order of the rules counts.
enum PorterRules {
  /// One suffix and what takes its place.
  struct Rule {
    let suffix: [UInt8]
    let replacement: [UInt8]
    /// How many letters of the suffix count as part of the stem whose measure is taken.
    var measuredLetters = 0
    /// Whether the stem must end in `s` or `t`.
    var needsSOrT = false

    init(
      _ suffix: String, _ replacement: String, measuredLetters: Int = 0, needsSOrT: Bool = false
    ) {
      self.suffix = Array(suffix.utf8)
      self.replacement = Array(replacement.utf8)
      self.measuredLetters = measuredLetters
      self.needsSOrT = needsSOrT
    }
  }

  static let sses = Array("sses".utf8)
  static let ies = Array("ies".utf8)
  static let ss = Array("ss".utf8)
  static let ied = Array("ied".utf8)
  static let eed = Array("eed".utf8)
  static let ed = Array("ed".utf8)
  static let ing = Array("ing".utf8)
  static let at = Array("at".utf8)
  static let bl = Array("bl".utf8)
  static let iz = Array("iz".utf8)
  static let alli = Array("alli".utf8)
  static let ll = Array("ll".utf8)

  /// Words that are looked up instead of stemmed.
  static let irregularForms: [[UInt8]: [UInt8]] = {
    let forms = [
      "sky": ["sky", "skies"], "die": ["dying"], "lie": ["lying"], "tie": ["tying"],
      "news": ["news"], "inning": ["innings", "inning"], "outing": ["outings", "outing"],
      "canning": ["cannings", "canning"], "howe": ["howe"], "proceed": ["proceed"],
      "exceed": ["exceed"], "succeed": ["succeed"],
    ]
    var table: [[UInt8]: [UInt8]] = [:]
    for (stem, words) in forms {
      for word in words { table[Array(word.utf8)] = Array(stem.utf8) }
    }
    return table
  }()

  /// The number of letters of the longest irregular form.
  static let longestIrregularForm = 8

  /// Step 2.
  static let doubleSuffixes = [
    Rule("ational", "ate"), Rule("tional", "tion"), Rule("enci", "ence"), Rule("anci", "ance"),
    Rule("izer", "ize"), Rule("bli", "ble"), Rule("alli", "al"), Rule("entli", "ent"),
    Rule("eli", "e"), Rule("ousli", "ous"), Rule("ization", "ize"), Rule("ation", "ate"),
    Rule("ator", "ate"), Rule("alism", "al"), Rule("iveness", "ive"), Rule("fulness", "ful"),
    Rule("ousness", "ous"), Rule("aliti", "al"), Rule("iviti", "ive"), Rule("biliti", "ble"),
    Rule("fulli", "ful"),
    // The l counts as part of the stem, so that `geologi` is treated as `archaeologi` is.
    Rule("logi", "log", measuredLetters: 1),
  ]

  /// Step 3.
  static let adjectives = [
    Rule("icate", "ic"), Rule("ative", ""), Rule("alize", "al"), Rule("iciti", "ic"),
    Rule("ical", "ic"), Rule("ful", ""), Rule("ness", ""),
  ]

  /// Step 4.
  static let endings = [
    Rule("al", ""), Rule("ance", ""), Rule("ence", ""), Rule("er", ""), Rule("ic", ""),
    Rule("able", ""), Rule("ible", ""), Rule("ant", ""), Rule("ement", ""), Rule("ment", ""),
    Rule("ent", ""), Rule("ion", "", needsSOrT: true), Rule("ou", ""), Rule("ism", ""),
    Rule("ate", ""), Rule("iti", ""), Rule("ous", ""), Rule("ive", ""), Rule("ize", ""),
  ]
}
