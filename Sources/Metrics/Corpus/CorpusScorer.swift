/// Scores the answers of models as whole corpora, example by example.
///
/// Memory grows with the number of tallies and their samples, not with the number of answers.
package struct CorpusScorer: Sendable {
  /// What is known of one model's answers so far.
  package struct Tally: Sendable {
    /// The number of answers.
    package fileprivate(set) var count = 0
    /// How many of them have a reference.
    package fileprivate(set) var referenceCount = 0
    fileprivate var words = 0
    fileprivate var bleu: BLEUCorpus
    fileprivate var chrf: CHRFCorpus
    fileprivate var sample: TextSample
  }

  /// The most answers of a tally that distinct-n and self-BLEU are computed over.
  package let sampleSize: Int

  private var bleu = BLEU()
  private var chrf = CHRF()
  private var statistics = TextStatistics(maximumOrder: 4)
  private var bleuReference: BLEUReference
  private var chrfReference: CHRFReference
  private var hasReference = false

  /// A scorer.
  ///
  /// - Parameter sampleSize: the most answers of a tally that distinct-n and self-BLEU are computed
  ///   over; they need all of these texts at once.
  package init(sampleSize: Int = 1000) {
    self.sampleSize = sampleSize
    bleuReference = bleu.emptyReference
    chrfReference = chrf.emptyReference
  }

  /// A tally without answers.
  package var emptyTally: Tally {
    Tally(bleu: bleu.emptyCorpus, chrf: chrf.emptyCorpus, sample: TextSample(limit: sampleSize))
  }

  /// How each of ``CorpusMetric/all`` is computed.
  package var signatures: [ScoreSignature] {
    CorpusMetric.all.map { $0.signature(sampleSize: sampleSize) }
  }

  /// Sets the reference that the next answers are compared with.
  ///
  /// - Parameter reference: the reference; `nil` when there is none.
  package mutating func setReference(_ reference: String?) {
    hasReference = reference != nil
    guard let reference else { return }
    bleu.load([reference], into: &bleuReference)
    chrf.load(reference, into: &chrfReference)
  }

  /// Adds an answer to the example of the reference.
  ///
  /// - Parameters:
  ///   - answer: the answer.
  ///   - key: the example's number, which decides on samples.
  ///   - tally: the model's tally.
  package mutating func add(_ answer: String, key: UInt64, to tally: inout Tally) {
    tally.count += 1
    tally.words += statistics.wordCount(answer)
    tally.sample.offer(answer, key: key)
    guard hasReference else { return }
    tally.referenceCount += 1
    bleu.add(answer, references: bleuReference, to: &tally.bleu)
    chrf.add(answer, reference: chrfReference, to: &tally.chrf)
  }

  /// The values of ``CorpusMetric/all``.
  ///
  /// - Parameter tally: a model's tally.
  /// - Returns: one value for each measure; `nil` without answers, references or a second answer.
  package mutating func values(of tally: Tally) -> [Double?] {
    let texts = tally.sample.texts
    let distinct = texts.isEmpty ? nil : statistics.distinct(texts)
    var values: [Double?] = []
    for metric in CorpusMetric.all {
      switch metric {
      case .bleu: values.append(tally.referenceCount > 0 ? tally.bleu.score.score : nil)
      case .chrf: values.append(tally.referenceCount > 0 ? chrf.score(tally.chrf) : nil)
      case .distinct(let n): values.append(distinct.map { $0[n - 1] })
      case .selfBLEU: values.append(bleu.selfScore(texts))
      case .wordLength:
        values.append(tally.count > 0 ? Double(tally.words) / Double(tally.count) : nil)
      }
    }
    return values
  }
}
