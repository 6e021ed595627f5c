/// The Porter stemmer in the variant that rouge-score uses.
///
/// Source: Porter, "An algorithm for suffix stripping" (Program 14, 1980); nltk 3.10,
/// `PorterStemmer` in its default mode `NLTK_EXTENSIONS`, whose results these are.
package struct PorterStemmer: Sendable {
  private var letters: [UInt8] = []

  /// A stemmer.
  package init() {}

  /// The stem of a word.
  ///
  /// - Parameter word: one word; it is lower-cased first.
  /// - Returns: the stem in lower case.
  package static func stem(_ word: String) -> String {
    let scalars = Array(PythonLowercase.lowercase(word).unicodeScalars)
    var stemmer = PorterStemmer()
    // The rules look at ASCII letters and at whether the last two letters are equal: for all other
    // scalars two byte values that change whenever the scalar does say enough.
    var code: UInt8 = 0x80
    for (index, scalar) in scalars.enumerated() {
      if scalar.isASCII {
        stemmer.letters.append(UInt8(scalar.value))
      } else {
        if index > 0, scalars[index - 1] != scalar { code ^= 1 }
        stemmer.letters.append(code)
      }
    }
    stemmer.stemLetters()
    var stem = String.UnicodeScalarView()
    for (index, letter) in stemmer.letters.enumerated() {
      stem.append(letter < 0x80 ? Unicode.Scalar(letter) : scalars[index])
    }
    return String(stem)
  }

  /// Stems a word of ASCII letters and digits in lower case.
  ///
  /// - Parameters:
  ///   - bytes: where the word stands.
  ///   - word: the place of the word.
  /// - Returns: the stem's bytes, never more than the word's.
  mutating func stem(_ bytes: [UInt8], _ word: TokenSlice) -> [UInt8] {
    letters.removeAll(keepingCapacity: true)
    for index in word.start..<word.start + word.length { letters.append(bytes[index]) }
    stemLetters()
    return letters
  }

  private mutating func stemLetters() {
    if letters.count <= PorterRules.longestIrregularForm,
      let irregular = PorterRules.irregularForms[letters]
    {
      letters = irregular
      return
    }
    guard letters.count > 2 else { return }
    removePlural()
    removePastAndProgressive()
    replaceFinalY()
    if ends(with: PorterRules.alli), measure(letters.count - 4) > 0 { letters.removeLast(2) }
    apply(PorterRules.doubleSuffixes, minimumMeasure: 1)
    apply(PorterRules.adjectives, minimumMeasure: 1)
    apply(PorterRules.endings, minimumMeasure: 2)
    removeFinalE()
    if ends(with: PorterRules.ll), measure(letters.count - 1) > 1 { letters.removeLast() }
  }

  /// Step 1a.
  private mutating func removePlural() {
    guard letters.last == UInt8(ascii: "s") else { return }
    if ends(with: PorterRules.ies) {
      // Two letters less, except `dies`, `ties`…, which keep their e.
      letters.removeLast(letters.count == 4 ? 1 : 2)
    } else if ends(with: PorterRules.sses) {
      letters.removeLast(2)
    } else if !ends(with: PorterRules.ss) {
      letters.removeLast()
    }
  }

  /// Step 1b.
  private mutating func removePastAndProgressive() {
    if ends(with: PorterRules.ied) {
      letters.removeLast(letters.count == 4 ? 1 : 2)
      return
    }
    if ends(with: PorterRules.eed) {
      if measure(letters.count - 3) > 0 { letters.removeLast() }
      return
    }
    if ends(with: PorterRules.ed), containsVowel(letters.count - 2) {
      letters.removeLast(2)
    } else if ends(with: PorterRules.ing), containsVowel(letters.count - 3) {
      letters.removeLast(3)
    } else {
      return
    }
    if ends(with: PorterRules.at) || ends(with: PorterRules.bl) || ends(with: PorterRules.iz) {
      letters.append(UInt8(ascii: "e"))
    } else if endsWithDoubleConsonant {
      switch letters.last {
      case UInt8(ascii: "l"), UInt8(ascii: "s"), UInt8(ascii: "z"): break
      default: letters.removeLast()
      }
    } else if measure(letters.count) == 1, endsWithShortSyllable(letters.count) {
      letters.append(UInt8(ascii: "e"))
    }
  }

  /// Step 1c.
  private mutating func replaceFinalY() {
    let last = letters.count - 1
    if letters.last == UInt8(ascii: "y"), last > 1, isConsonant(last - 1) {
      letters[last] = UInt8(ascii: "i")
    }
  }

  /// Step 5a.
  private mutating func removeFinalE() {
    guard letters.last == UInt8(ascii: "e") else { return }
    let rest = letters.count - 1
    let measure = measure(rest)
    if measure > 1 || (measure == 1 && !endsWithShortSyllable(rest)) { letters.removeLast() }
  }

  /// Steps 2 to 4: the first rule whose suffix fits decides, whether or not its condition holds.
  private mutating func apply(_ rules: [PorterRules.Rule], minimumMeasure: Int) {
    guard let rule = rules.first(where: { ends(with: $0.suffix) }) else { return }
    let rest = letters.count - rule.suffix.count
    guard measure(rest + rule.measuredLetters) >= minimumMeasure else { return }
    if rule.needsSOrT {
      guard rest > 0,
        letters[rest - 1] == UInt8(ascii: "s") || letters[rest - 1] == UInt8(ascii: "t")
      else { return }
    }
    letters.removeLast(rule.suffix.count)
    letters.append(contentsOf: rule.replacement)
  }

  private func ends(with suffix: [UInt8]) -> Bool {
    guard letters.count >= suffix.count else { return false }
    var (index, offset) = (letters.count - 1, suffix.count - 1)
    while offset >= 0 {
      if letters[index] != suffix[offset] { return false }
      index -= 1
      offset -= 1
    }
    return true
  }

  private static func isVowel(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"),
      UInt8(ascii: "u"):
      true
    default: false
    }
  }

  /// Whether a letter is a consonant, given whether the one before is; `y` alternates.
  private static func isConsonant(_ letter: UInt8, after previous: Bool?) -> Bool {
    letter == UInt8(ascii: "y") ? previous != true : !isVowel(letter)
  }

  private func isConsonant(_ index: Int) -> Bool {
    var start = index
    while start > 0, letters[start] == UInt8(ascii: "y") { start -= 1 }
    let isOdd = (index - start) % 2 == 1
    return Self.isVowel(letters[start]) == isOdd
  }

  /// The number of vowel runs followed by a consonant run in the first `count` letters.
  private func measure(_ count: Int) -> Int {
    var measure = 0
    var previous: Bool?
    for index in 0..<count {
      let isConsonant = Self.isConsonant(letters[index], after: previous)
      if isConsonant, previous == false { measure += 1 }
      previous = isConsonant
    }
    return measure
  }

  private func containsVowel(_ count: Int) -> Bool {
    var previous: Bool?
    for index in 0..<count {
      let isConsonant = Self.isConsonant(letters[index], after: previous)
      if !isConsonant { return true }
      previous = isConsonant
    }
    return false
  }

  private var endsWithDoubleConsonant: Bool {
    let count = letters.count
    return count >= 2 && letters[count - 1] == letters[count - 2] && isConsonant(count - 1)
  }

  /// Whether the first `count` letters end in consonant, vowel, consonant other than w, x, y, or
  /// are a vowel and a consonant.
  private func endsWithShortSyllable(_ count: Int) -> Bool {
    if count == 2 { return !isConsonant(0) && isConsonant(1) }
    guard count >= 3, isConsonant(count - 3), !isConsonant(count - 2), isConsonant(count - 1)
    else { return false }
    switch letters[count - 1] {
    case UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "y"): return false
    default: return true
    }
  }
}
