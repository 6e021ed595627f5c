/// A measure of many answers of one model together.
package enum CorpusMetric: Sendable, Hashable {
  /// sacreBLEU's corpus BLEU against the references.
  case bleu
  /// sacreBLEU's corpus chrF against the references.
  case chrf
  /// distinct-n over a sample of the answers, for n from 1 to 4.
  case distinct(Int)
  /// Self-BLEU of a sample of the answers.
  case selfBLEU
  /// The mean number of words.
  case wordLength

  /// All measures, in the order of tables.
  package static let all: [CorpusMetric] =
    [.bleu, .chrf] + (1...4).map { .distinct($0) } + [.selfBLEU, .wordLength]

  /// The name: `bleu`, `distinct2`, `self_bleu`…
  package var name: String {
    switch self {
    case .bleu: "bleu"
    case .chrf: "chrf"
    case .distinct(let n): "distinct\(n)"
    case .selfBLEU: "self_bleu"
    case .wordLength: "length_words"
    }
  }

  /// How the measure is computed.
  ///
  /// - Parameter sampleSize: the most answers that distinct-n and self-BLEU are computed over.
  /// - Returns: the signature of its values.
  package func signature(sampleSize: Int) -> ScoreSignature {
    switch self {
    case .bleu: BLEU().signature(referenceCount: 1, isCorpus: true)
    case .chrf: CHRF().signature(referenceCount: 1)
    case .distinct(let n): ScoreSignature.distinct(n).sampled(sampleSize)
    case .selfBLEU: BLEU().selfSignature.sampled(sampleSize)
    case .wordLength: .length("length_words", unit: "white-space-word")
    }
  }
}

extension ScoreSignature {
  /// The signature of the same measure over a sample of texts.
  ///
  /// - Parameter size: the most texts of a sample.
  /// - Returns: the signature.
  fileprivate func sampled(_ size: Int) -> ScoreSignature {
    ScoreSignature(
      metric: metric, options: options + [Option("texts", String(size))], version: version,
      range: range, direction: direction)
  }
}
