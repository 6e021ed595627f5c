internal import Glibc

/// Scores candidates by several lexical metrics at once; texts are tokenized once for all of them.
///
/// A scorer is a value with work space of its own: give each thread its own copy.
package struct LexicalScorer: Sendable {
  /// A reference that is ready to be compared with many candidates.
  package struct Reference: Sendable {
    fileprivate var rouge: RougeReference
    fileprivate var bleu: BLEUReference
    fileprivate var chrf: CHRFReference
  }

  /// The metrics, in the order of the values.
  package let metrics: [LexicalMetric]
  /// Whether ROUGE stems words.
  package let useStemmer: Bool

  private let usesWords: Bool
  private var scorers: Scorers
  private var statistics: TextStatistics
  private var lastText: [UInt8] = []
  private var lastReference: Reference

  /// A scorer for some metrics.
  ///
  /// - Parameters:
  ///   - names: names of metrics, as ``LexicalMetric/all`` has them.
  ///   - useStemmer: whether ROUGE stems words.
  /// - Throws: ``MetricsError/unknownMetric(name:known:nearest:)``.
  package init(metrics names: [String], useStemmer: Bool = true) throws(MetricsError) {
    var metrics: [LexicalMetric] = []
    for name in names { metrics.append(try LexicalMetric(name: name)) }
    self.init(metrics, useStemmer: useStemmer)
  }

  /// A scorer for some metrics.
  ///
  /// - Parameters:
  ///   - metrics: the metrics.
  ///   - useStemmer: whether ROUGE stems words.
  package init(_ metrics: [LexicalMetric], useStemmer: Bool = true) {
    self.metrics = metrics
    self.useStemmer = useStemmer
    let types = metrics.compactMap { if case .rouge(let type) = $0 { type } else { nil } }
    let orders = metrics.compactMap { if case .distinct(let n) = $0 { n } else { nil } }
    usesWords = !orders.isEmpty || metrics.contains(.wordLength)
    scorers = Scorers(
      rouge: RougeScorer(types: types, useStemmer: useStemmer), usesBLEU: metrics.contains(.bleu),
      usesCHRF: metrics.contains(.chrf))
    statistics = TextStatistics(maximumOrder: orders.max() ?? 1)
    // The empty reference, which `lastText` is as well.
    lastReference = scorers.emptyReference
    scorers.load("", into: &lastReference)
  }

  /// How each of ``metrics`` is computed.
  package var signatures: [ScoreSignature] {
    metrics.map { $0.signature(useStemmer: useStemmer) }
  }

  /// Prepares a reference for many candidates.
  ///
  /// - Parameter reference: the reference.
  /// - Returns: the prepared reference, for this scorer and copies of it.
  package mutating func prepare(_ reference: String) -> Reference {
    var prepared = scorers.emptyReference
    scorers.load(reference, into: &prepared)
    return prepared
  }

  /// Scores a candidate; candidates of one reference are fastest one after another.
  ///
  /// - Parameters:
  ///   - candidate: the text to be scored.
  ///   - reference: the text it is compared with.
  /// - Returns: one value for each of ``metrics``.
  package mutating func score(candidate: String, reference: String) -> [MetricValue] {
    if !isLast(reference) {
      lastText.removeAll(keepingCapacity: true)
      lastText.append(contentsOf: reference.utf8)
      scorers.load(reference, into: &lastReference)
    }
    return score(candidate: candidate, reference: lastReference)
  }

  /// Scores a candidate against a prepared reference.
  ///
  /// - Parameters:
  ///   - candidate: the text to be scored.
  ///   - reference: what ``prepare(_:)`` returned.
  /// - Returns: one value for each of ``metrics``.
  package mutating func score(candidate: String, reference: Reference) -> [MetricValue] {
    let rougeScores = scorers.rouge.score(candidate: candidate, reference: reference.rouge)
    let words = usesWords ? statistics.statistics(candidate) : nil
    var rougeIndex = 0
    var values: [MetricValue] = []
    values.reserveCapacity(metrics.count)
    for metric in metrics {
      switch metric {
      case .rouge:
        values.append(.rouge(rougeScores[rougeIndex]))
        rougeIndex += 1
      case .bleu:
        let score = scorers.bleu.sentenceScore(candidate, references: reference.bleu)
        values.append(.number(score.score))
      case .chrf:
        values.append(.number(scorers.chrf.sentenceScore(candidate, reference: reference.chrf)))
      case .distinct(let n): values.append(.number(words?.distinct[n - 1] ?? 0))
      case .characterLength:
        values.append(.number(Double(TextStatistics.characterCount(candidate))))
      case .wordLength: values.append(.number(Double(words?.wordCount ?? 0)))
      }
    }
    return values
  }

  private func isLast(_ reference: String) -> Bool {
    guard reference.utf8.count == lastText.count else { return false }
    var reference = reference
    return reference.withUTF8 { bytes in
      unsafe lastText.withUnsafeBytes { last in
        guard let left = bytes.baseAddress, let right = last.baseAddress else { return true }
        return unsafe memcmp(left, right, bytes.count) == 0
      }
    }
  }

  /// The scorers of the metrics that need a reference.
  private struct Scorers: Sendable {
    var rouge: RougeScorer
    var bleu = BLEU()
    var chrf = CHRF()
    let usesBLEU: Bool
    let usesCHRF: Bool

    var emptyReference: Reference {
      Reference(rouge: rouge.emptyReference, bleu: bleu.emptyReference, chrf: chrf.emptyReference)
    }

    mutating func load(_ text: String, into reference: inout Reference) {
      if !rouge.types.isEmpty { rouge.load(text, into: &reference.rouge) }
      if usesBLEU { bleu.load([text], into: &reference.bleu) }
      if usesCHRF { chrf.load(text, into: &reference.chrf) }
    }
  }
}
