/// How a score was computed: scores may be compared or averaged only if their signatures are equal.
package struct ScoreSignature: Sendable, Hashable, CustomStringConvertible {
  /// Which of two values of a metric is the better one.
  package enum Direction: String, Sendable, Hashable {
    /// The larger one.
    case higherIsBetter = "higher"
    /// The smaller one.
    case lowerIsBetter = "lower"
    /// Neither: the value describes the text.
    case neither
  }

  /// One option and its value: `stemmer:yes`.
  package struct Option: Sendable, Hashable {
    /// The option's name.
    package let name: String
    /// Its value.
    package let value: String

    /// An option.
    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// The version of the metrics that are computed here; it grows when a value may change.
  package static let currentVersion = "mixinstruct-1"

  /// The metric's name.
  package let metric: String
  /// What the value depends on besides the texts, in the order they are written.
  package let options: [Option]
  /// The version of the program that computes the metric.
  package let version: String
  /// The least and the largest possible value; may be infinite.
  package let range: ClosedRange<Double>
  /// Which values are better.
  package let direction: Direction

  /// A signature.
  ///
  /// - Parameters:
  ///   - metric: the metric's name.
  ///   - options: what the value depends on besides the texts.
  ///   - version: the version of the program that computes the metric.
  ///   - range: the least and the largest possible value.
  ///   - direction: which values are better.
  package init(
    metric: String, options: [Option] = [], version: String = currentVersion,
    range: ClosedRange<Double>, direction: Direction
  ) {
    self.metric = metric
    self.options = options
    self.version = version
    self.range = range
    self.direction = direction
  }

  /// The canonical text: `rouge1|stemmer:yes|version:mixinstruct-1`.
  package var description: String {
    var parts = [metric]
    for option in options { parts.append("\(option.name):\(option.value)") }
    parts.append("version:\(version)")
    return parts.joined(separator: "|")
  }
}

extension ScoreSignature {
  /// The signature of a ROUGE measure.
  ///
  /// - Parameters:
  ///   - type: the measure.
  ///   - useStemmer: whether words are stemmed.
  /// - Returns: the signature.
  package static func rouge(_ type: RougeType, useStemmer: Bool) -> ScoreSignature {
    var options = [Option("stemmer", useStemmer ? "yes" : "no")]
    // The other measures do not depend on how summaries are split.
    if type == .summary { options.append(Option("lsum-split", "newline")) }
    return ScoreSignature(
      metric: type.name, options: options, range: 0...1, direction: .higherIsBetter)
  }

  /// The signature of distinct-n.
  ///
  /// - Parameter n: the number of words of an n-gram.
  /// - Returns: the signature.
  package static func distinct(_ n: Int) -> ScoreSignature {
    ScoreSignature(
      metric: "distinct\(n)", options: [Option("tok", "white-space"), Option("case", "mixed")],
      range: 0...1, direction: .higherIsBetter)
  }

  /// The signature of a length.
  ///
  /// - Parameters:
  ///   - metric: the metric's name.
  ///   - unit: what is counted.
  /// - Returns: the signature.
  package static func length(_ metric: String, unit: String) -> ScoreSignature {
    ScoreSignature(
      metric: metric, options: [Option("unit", unit)], range: 0...(.infinity), direction: .neither)
  }
}

extension BLEU {
  /// The signature of BLEU with these options, in sacreBLEU's names.
  ///
  /// - Parameters:
  ///   - referenceCount: the number of references of each hypothesis; `nil` when it varies.
  ///   - isCorpus: whether it is of a corpus and not of sentences, which use the effective order.
  /// - Returns: the signature.
  package func signature(referenceCount: Int?, isCorpus: Bool) -> ScoreSignature {
    ScoreSignature(
      metric: "bleu", options: options(referenceCount: referenceCount, isCorpus: isCorpus),
      range: 0...100, direction: .higherIsBetter)
  }

  /// The signature of self-BLEU with these options.
  package var selfSignature: ScoreSignature {
    ScoreSignature(
      metric: "self_bleu", options: options(referenceCount: nil, isCorpus: false), range: 0...100,
      direction: .lowerIsBetter)
  }

  private func options(referenceCount: Int?, isCorpus: Bool) -> [ScoreSignature.Option] {
    var options = [
      ScoreSignature.Option("nrefs", referenceCount.map { String($0) } ?? "var"),
      ScoreSignature.Option("case", lowercase ? "lc" : "mixed"),
      ScoreSignature.Option("eff", isCorpus ? "no" : "yes"),
      ScoreSignature.Option("tok", tokenizer.rawValue),
      ScoreSignature.Option("smooth", smoothing.signature),
    ]
    // sacreBLEU's own signature leaves the order out.
    if order != 4 { options.append(ScoreSignature.Option("order", String(order))) }
    return options
  }
}

extension CHRF {
  /// The signature of chrF with these options, in sacreBLEU's names.
  ///
  /// - Parameter referenceCount: the number of references of each hypothesis; `nil` when it varies.
  /// - Returns: the signature.
  package func signature(referenceCount: Int?) -> ScoreSignature {
    var options = [
      ScoreSignature.Option("nrefs", referenceCount.map { String($0) } ?? "var"),
      ScoreSignature.Option("case", lowercase ? "lc" : "mixed"),
      ScoreSignature.Option("eff", usesEpsilonSmoothing ? "no" : "yes"),
      ScoreSignature.Option("nc", String(characterOrder)),
      ScoreSignature.Option("nw", String(wordOrder)),
      ScoreSignature.Option("space", "no"),
    ]
    // sacreBLEU's own signature leaves beta out.
    if beta != 2 { options.append(ScoreSignature.Option("beta", String(beta))) }
    return ScoreSignature(
      metric: "chrf", options: options, range: 0...100, direction: .higherIsBetter)
  }
}
