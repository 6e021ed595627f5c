/// chrF and chrF++ equal to those of the Python package sacreBLEU.
///
/// Source: Popović, "chrF: character n-gram F-score for automatic MT evaluation" (WMT 2015);
/// sacreBLEU 2.6.0, `metrics/chrf.py`. White space is removed before character n-grams are counted.
package struct CHRF: Sendable {
  /// The largest n of the character n-grams.
  package let characterOrder: Int
  /// The largest n of the word n-grams: 0 is chrF, 2 is chrF++.
  package let wordOrder: Int
  /// How many times recall weighs more than precision.
  package let beta: Int
  /// Whether texts are lower-cased first.
  package let lowercase: Bool
  /// Whether orders that a text is too short for count as almost 0 instead of being left out.
  package let usesEpsilonSmoothing: Bool

  private var text = TextBuffer()
  private var words: [TokenSlice] = []
  private var symbols: [UInt32] = []
  private var wordSymbols: [UInt32] = []
  private var matches = NGramMatches()

  /// chrF with sacreBLEU's defaults.
  ///
  /// - Parameters:
  ///   - characterOrder: the largest n of the character n-grams, from 1 to 32.
  ///   - wordOrder: the largest n of the word n-grams, up to 32: 0 is chrF, 2 is chrF++.
  ///   - beta: how many times recall weighs more than precision.
  ///   - lowercase: whether texts are lower-cased first.
  ///   - usesEpsilonSmoothing: whether orders that a text is too short for count as almost 0.
  package init(
    characterOrder: Int = 6, wordOrder: Int = 0, beta: Int = 2, lowercase: Bool = false,
    usesEpsilonSmoothing: Bool = false
  ) {
    self.characterOrder = characterOrder
    self.wordOrder = wordOrder
    self.beta = beta
    self.lowercase = lowercase
    self.usesEpsilonSmoothing = usesEpsilonSmoothing
  }

  /// Prepares a reference for many hypotheses.
  ///
  /// - Parameter reference: the reference.
  /// - Returns: the prepared reference, for this chrF and copies of it.
  package mutating func prepare(_ reference: String) -> CHRFReference {
    var prepared = emptyReference
    load(reference, into: &prepared)
    return prepared
  }

  /// A reference to load a text into.
  var emptyReference: CHRFReference {
    CHRFReference(characterOrder: characterOrder, wordOrder: wordOrder)
  }

  mutating func load(_ reference: String, into prepared: inout CHRFReference) {
    load(reference)
    prepared.load(text, words: words)
  }

  /// The chrF of one hypothesis: of several references the one with the best score counts.
  ///
  /// - Parameters:
  ///   - hypothesis: the text to be scored.
  ///   - references: the texts it is compared with.
  /// - Returns: the score, from 0 to 100.
  /// - Throws: ``MetricsError/noReferences(metric:)`` when there is none.
  package mutating func sentenceScore(
    _ hypothesis: String, references: [String]
  ) throws(MetricsError) -> Double {
    score(try bestStatistics(hypothesis, references))
  }

  /// The chrF of one hypothesis.
  ///
  /// - Parameters:
  ///   - hypothesis: the text to be scored.
  ///   - reference: what ``prepare(_:)`` returned.
  /// - Returns: the score, from 0 to 100.
  package mutating func sentenceScore(_ hypothesis: String, reference: CHRFReference) -> Double {
    score(statistics(hypothesis, reference))
  }

  /// The chrF of a corpus: the counts against each hypothesis' best reference are added up.
  ///
  /// - Parameters:
  ///   - hypotheses: the texts to be scored, at least one.
  ///   - references: for each hypothesis its references.
  /// - Returns: the score, from 0 to 100.
  /// - Throws: ``MetricsError`` when there is nothing to score or references are missing.
  package mutating func corpusScore(
    _ hypotheses: [String], references: [[String]]
  ) throws(MetricsError) -> Double {
    guard !hypotheses.isEmpty else { throw .emptyCorpus(metric: "chrf") }
    guard hypotheses.count == references.count else {
      throw .countMismatch(
        metric: "chrf", hypotheses: hypotheses.count, references: references.count)
    }
    var corpus = emptyCorpus
    for (hypothesis, references) in zip(hypotheses, references) {
      corpus.add(try bestStatistics(hypothesis, references))
    }
    return score(corpus)
  }

  /// A corpus of this chrF's options without hypotheses.
  package var emptyCorpus: CHRFCorpus { CHRFCorpus(orders: characterOrder + wordOrder) }

  /// Adds one hypothesis to a corpus.
  ///
  /// - Parameters:
  ///   - hypothesis: the text to be scored.
  ///   - reference: what ``prepare(_:)`` returned.
  ///   - corpus: the corpus, made by ``emptyCorpus``.
  package mutating func add(
    _ hypothesis: String, reference: CHRFReference, to corpus: inout CHRFCorpus
  ) {
    corpus.add(statistics(hypothesis, reference))
  }

  /// The chrF of a corpus.
  ///
  /// - Parameter corpus: the corpus, made by ``emptyCorpus``.
  /// - Returns: the score, from 0 to 100.
  package func score(_ corpus: CHRFCorpus) -> Double { score(corpus.counts) }

  private mutating func bestStatistics(
    _ hypothesis: String, _ references: [String]
  ) throws(MetricsError) -> [CHRFCorpus.Counts] {
    guard !references.isEmpty else { throw .noReferences(metric: "chrf") }
    var best: [CHRFCorpus.Counts] = []
    var bestScore = -1.0
    for reference in references {
      let statistics = statistics(hypothesis, prepare(reference))
      let score = score(statistics)
      if score > bestScore {
        bestScore = score
        best = statistics
      }
    }
    return best
  }

  private mutating func statistics(
    _ hypothesis: String, _ reference: CHRFReference
  ) -> [CHRFCorpus.Counts] {
    precondition(
      reference.characterNGrams.order == characterOrder
        && reference.wordNGrams?.order ?? 0 == wordOrder,
      "the reference was prepared by another chrF")
    load(hypothesis)
    reference.characters.find(text, into: &symbols)
    var statistics: [CHRFCorpus.Counts] = []
    statistics.reserveCapacity(characterOrder + wordOrder)
    reference.characterNGrams.match(symbols, &matches)
    for index in 0..<characterOrder {
      statistics.append(
        counts(index, hypothesis: symbols.count, reference: reference.characterCount))
    }
    guard let wordNGrams = reference.wordNGrams else { return statistics }
    wordSymbols.removeAll(keepingCapacity: true)
    for word in words { wordSymbols.append(reference.words.find(text.bytes, word)) }
    wordNGrams.match(wordSymbols, &matches)
    for index in 0..<wordOrder {
      statistics.append(counts(index, hypothesis: words.count, reference: reference.wordCount))
    }
    return statistics
  }

  private func counts(_ index: Int, hypothesis: Int, reference: Int) -> CHRFCorpus.Counts {
    let referenceCount = max(reference - index, 0)
    // A hypothesis' n-grams count only if the reference has some of that order.
    return CHRFCorpus.Counts(
      hypothesis: referenceCount > 0 ? max(hypothesis - index, 0) : 0, reference: referenceCount,
      matches: matches.matches[index])
  }

  private func score(_ statistics: [CHRFCorpus.Counts]) -> Double {
    let epsilon = 1e-16
    let factor = Double(beta * beta)
    var sum = 0.0
    var effectiveOrder = 0
    var precisions = 0.0
    var recalls = 0.0
    for counts in statistics {
      let matches = Double(counts.matches)
      let precision = counts.hypothesis > 0 ? matches / Double(counts.hypothesis) : epsilon
      let recall = counts.reference > 0 ? matches / Double(counts.reference) : epsilon
      let denominator = factor * precision + recall
      sum += denominator > 0 ? (1 + factor) * precision * recall / denominator : epsilon
      if counts.hypothesis > 0, counts.reference > 0 {
        precisions += precision
        recalls += recall
        effectiveOrder += 1
      }
    }
    if usesEpsilonSmoothing { return 100 * sum / Double(statistics.count) }
    guard effectiveOrder > 0 else { return 0 }
    precisions /= Double(effectiveOrder)
    recalls /= Double(effectiveOrder)
    guard precisions + recalls != 0 else { return 0 }
    return 100 * ((1 + factor) * precisions * recalls / (factor * precisions + recalls))
  }

  private mutating func load(_ string: String) {
    text.load(lowercase ? PythonLowercase.lowercase(string) : string)
    words.removeAll(keepingCapacity: true)
    if wordOrder > 0 { splitWords() }
  }

  /// Words with one ASCII punctuation mark cut off: the last one, else the first one.
  private mutating func splitWords() {
    PythonWhiteSpace.split(text, into: &words)
    let bytes = text.bytes
    words = words.flatMap { word in
      let end = word.start + word.length
      let isOneScalar = (word.start + 1..<end).allSatisfy { bytes[$0] & 0xC0 == 0x80 }
      if isOneScalar { return [word] }
      if Self.isPunctuation(bytes[end - 1]) {
        return [
          TokenSlice(start: word.start, length: word.length - 1),
          TokenSlice(start: end - 1, length: 1),
        ]
      }
      if Self.isPunctuation(bytes[word.start]) {
        return [
          TokenSlice(start: word.start, length: 1),
          TokenSlice(start: word.start + 1, length: word.length - 1),
        ]
      }
      return [word]
    }
  }

  private static func isPunctuation(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: true
    default: false
    }
  }
}
