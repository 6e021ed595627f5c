/// BLEU equal to that of the Python package sacreBLEU.
///
/// Source: Papineni et al., "BLEU: a Method for Automatic Evaluation of Machine Translation" (ACL
/// 2002); sacreBLEU 2.6.0, `metrics/bleu.py`.
package struct BLEU: Sendable {
  /// How texts are cut into tokens.
  package let tokenizer: BLEUTokenizer
  /// What is done about orders without a match.
  package let smoothing: BLEUSmoothing
  /// Whether texts are lower-cased first.
  package let lowercase: Bool
  /// The largest n.
  package let order: Int

  private var text = TextBuffer()
  private var tokens: [TokenSlice] = []
  private var symbols: [UInt32] = []
  private var matches = NGramMatches()

  /// BLEU with sacreBLEU's defaults.
  ///
  /// - Parameters:
  ///   - tokenizer: how texts are cut into tokens.
  ///   - smoothing: what is done about orders without a match.
  ///   - lowercase: whether texts are lower-cased first.
  ///   - order: the largest n, from 1 to 32.
  package init(
    tokenizer: BLEUTokenizer = .mteval13a, smoothing: BLEUSmoothing = .exponential,
    lowercase: Bool = false, order: Int = 4
  ) {
    self.tokenizer = tokenizer
    self.smoothing = smoothing
    self.lowercase = lowercase
    self.order = order
  }

  /// Prepares one hypothesis' references for many hypotheses.
  ///
  /// - Parameter references: the references.
  /// - Returns: the prepared references, for this BLEU and copies of it.
  /// - Throws: ``MetricsError/noReferences(metric:)`` when there is none.
  package mutating func prepare(_ references: [String]) throws(MetricsError) -> BLEUReference {
    guard !references.isEmpty else { throw .noReferences(metric: "bleu") }
    var prepared = emptyReference
    load(references, into: &prepared)
    return prepared
  }

  /// References to load texts into.
  var emptyReference: BLEUReference { BLEUReference(order: order) }

  mutating func load(_ references: [String], into prepared: inout BLEUReference) {
    prepared.begin()
    for reference in references {
      tokenize(reference)
      prepared.add(text, tokens)
    }
    prepared.finish()
  }

  /// The BLEU of one hypothesis, which counts only the orders that it is long enough for.
  ///
  /// - Parameters:
  ///   - hypothesis: the text to be scored.
  ///   - references: the texts it is compared with.
  /// - Returns: the score; 0 for a hypothesis without tokens.
  /// - Throws: ``MetricsError/noReferences(metric:)`` when there is none.
  package mutating func sentenceScore(
    _ hypothesis: String, references: [String]
  ) throws(MetricsError) -> BLEUScore {
    sentenceScore(hypothesis, references: try prepare(references))
  }

  /// The BLEU of one hypothesis, which counts only the orders that it is long enough for.
  ///
  /// - Parameters:
  ///   - hypothesis: the text to be scored.
  ///   - references: what ``prepare(_:)`` returned.
  /// - Returns: the score; 0 for a hypothesis without tokens.
  package mutating func sentenceScore(
    _ hypothesis: String, references: BLEUReference
  ) -> BLEUScore {
    BLEUScore(
      statistics(hypothesis, references), smoothing: smoothing, usesEffectiveOrder: true)
  }

  /// The BLEU of a corpus: counts are added up, and all orders count.
  ///
  /// - Parameters:
  ///   - hypotheses: the texts to be scored, at least one.
  ///   - references: for each hypothesis its references.
  /// - Returns: the score.
  /// - Throws: ``MetricsError`` when there is nothing to score or references are missing.
  package mutating func corpusScore(
    _ hypotheses: [String], references: [[String]]
  ) throws(MetricsError) -> BLEUScore {
    guard !hypotheses.isEmpty else { throw .emptyCorpus(metric: "bleu") }
    guard hypotheses.count == references.count else {
      throw .countMismatch(
        metric: "bleu", hypotheses: hypotheses.count, references: references.count)
    }
    var corpus = BLEUCorpus(order: order, smoothing: smoothing)
    var prepared = emptyReference
    for (hypothesis, references) in zip(hypotheses, references) {
      guard !references.isEmpty else { throw .noReferences(metric: "bleu") }
      load(references, into: &prepared)
      add(hypothesis, references: prepared, to: &corpus)
    }
    return corpus.score
  }

  /// Adds one hypothesis to a corpus.
  ///
  /// - Parameters:
  ///   - hypothesis: the text to be scored.
  ///   - references: what ``prepare(_:)`` returned.
  ///   - corpus: the corpus, made by ``emptyCorpus``.
  package mutating func add(
    _ hypothesis: String, references: BLEUReference, to corpus: inout BLEUCorpus
  ) {
    corpus.add(statistics(hypothesis, references))
  }

  /// A corpus of this BLEU's options without hypotheses.
  package var emptyCorpus: BLEUCorpus { BLEUCorpus(order: order, smoothing: smoothing) }

  /// Self-BLEU: the mean over the texts of each one's sentence BLEU against all the others.
  ///
  /// Low values mean texts that differ from one another. Every text is read once: of each n-gram the
  /// two largest counts and the text with the largest one say what all texts but one have.
  ///
  /// Source: Zhu et al., "Texygen: A Benchmarking Platform for Text Generation Models" (SIGIR
  /// 2018), with sacreBLEU's sentence BLEU.
  ///
  /// - Parameter texts: the texts.
  /// - Returns: the mean, from 0 to 100; `nil` for fewer than two texts.
  package mutating func selfScore(_ texts: [String]) -> Double? {
    guard texts.count > 1 else { return nil }
    var vocabulary = Vocabulary()
    var counts = NGramMaxima(order: order)
    for string in texts {
      tokenize(string)
      symbols.removeAll(keepingCapacity: true)
      for token in tokens { symbols.append(vocabulary.intern(text.bytes, token)) }
      counts.append(symbols)
    }
    let sum = counts.statisticsAgainstOthers().reduce(0.0) {
      $0 + BLEUScore($1, smoothing: smoothing, usesEffectiveOrder: true).score
    }
    return sum / Double(texts.count)
  }

  private mutating func statistics(
    _ hypothesis: String, _ references: BLEUReference
  ) -> BLEUStatistics {
    precondition(
      references.nGrams.order == order, "the references were prepared by another BLEU")
    tokenize(hypothesis)
    symbols.removeAll(keepingCapacity: true)
    for token in tokens { symbols.append(references.vocabulary.find(text.bytes, token)) }
    references.nGrams.match(symbols, &matches)
    var statistics = BLEUStatistics(order: order)
    for index in 0..<order {
      statistics.counts[index] = matches.matches[index]
      statistics.totals[index] = max(tokens.count - index, 0)
    }
    statistics.hypothesisLength = tokens.count
    statistics.referenceLength = references.closestLength(to: tokens.count)
    return statistics
  }

  private mutating func tokenize(_ string: String) {
    text.load(lowercase ? PythonLowercase.lowercase(string) : string)
    tokenizer.split(&text, into: &tokens)
  }
}
