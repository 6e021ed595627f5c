/// A metric that needs nothing but the texts.
package enum LexicalMetric: Sendable, Hashable {
  /// A ROUGE measure against the reference.
  case rouge(RougeType)
  /// sacreBLEU's sentence BLEU against the reference.
  case bleu
  /// sacreBLEU's sentence chrF against the reference.
  case chrf
  /// distinct-n of the candidate, for n from 1 to 4.
  case distinct(Int)
  /// The candidate's number of Unicode scalars.
  case characterLength
  /// The candidate's number of words.
  case wordLength

  /// All metrics, in the order that messages list them.
  package static let all: [LexicalMetric] =
    (1...9).map { .rouge(.nGrams($0)) }
    + [.rouge(.longestCommonSubsequence), .rouge(.summary), .bleu, .chrf]
    + (1...4).map { .distinct($0) } + [.characterLength, .wordLength]

  /// The name: `rouge1`, `rougeLsum`, `bleu`, `distinct2`, `length_words`…
  package var name: String {
    switch self {
    case .rouge(let type): type.name
    case .bleu: "bleu"
    case .chrf: "chrf"
    case .distinct(let n): "distinct\(n)"
    case .characterLength: "length_characters"
    case .wordLength: "length_words"
    }
  }

  /// A metric by its name.
  ///
  /// - Parameter name: one of the names of ``all``.
  /// - Throws: ``MetricsError/unknownMetric(name:known:nearest:)``.
  package init(name: String) throws(MetricsError) {
    guard let metric = Self.all.first(where: { $0.name.utf8.elementsEqual(name.utf8) }) else {
      let known = Self.all.map(\.name)
      throw .unknownMetric(
        name: name, known: known, nearest: EditDistance.nearest(to: name, among: known))
    }
    self = metric
  }

  /// How the metric is computed.
  ///
  /// - Parameter useStemmer: whether ROUGE stems words.
  /// - Returns: the signature of its values.
  package func signature(useStemmer: Bool) -> ScoreSignature {
    switch self {
    case .rouge(let type): .rouge(type, useStemmer: useStemmer)
    case .bleu: BLEU().signature(referenceCount: 1, isCorpus: false)
    case .chrf: CHRF().signature(referenceCount: 1)
    case .distinct(let n): .distinct(n)
    case .characterLength: .length("length_characters", unit: "scalar")
    case .wordLength: .length("length_words", unit: "white-space-word")
    }
  }
}
