/// How a metric is named, scaled and compared in the tables.
package struct MetricDescription: Sendable, Equatable {
  /// The name in records, such as `bertscore`.
  package let name: String
  /// The name in tables, such as `BERTScore`.
  package let title: String
  /// What values are multiplied by in tables; JSON and CSV keep them as they are.
  package let scale: Double
  /// Digits after the point in tables.
  package let decimals: Int
  /// Whether larger values are better; has no meaning without ``isRated``.
  package let higherIsBetter: Bool
  /// Whether some values are better than others; a length only describes.
  package let isRated: Bool
  /// How the values were computed (version, model, settings), for the notes; `nil` when unknown.
  package let signature: String?

  /// A metric.
  package init(
    name: String, title: String? = nil, scale: Double = 1, decimals: Int = 2,
    higherIsBetter: Bool = true, isRated: Bool = true, signature: String? = nil
  ) {
    self.name = name
    self.title = title ?? name
    self.scale = scale
    self.decimals = decimals
    self.higherIsBetter = higherIsBetter
    self.isRated = isRated
    self.signature = signature
  }

  /// Whether values need no reference answer: whoever chooses by them is a ranker, not an oracle.
  var isReferenceFree: Bool {
    ["logprobs", "logprob_sum", "pseudo_log_likelihood"].contains(name)
  }

  /// The name of the row that chooses the best candidate by it.
  var choiceLabel: String {
    if name == "pseudo_log_likelihood" { return "MLM-Scoring (\(title))" }
    return isReferenceFree ? "Highest \(title)" : "Oracle (\(title))"
  }

  /// Which values of a column are good.
  var tableDirection: ReportTable.Direction {
    isRated ? higherIsBetter ? .higherIsBetter : .lowerIsBetter : .none
  }

  /// A metric as the published tables show it; other metrics are shown as they are.
  ///
  /// - Parameters:
  ///   - name: the name in records.
  ///   - higherIsBetter: the direction of a metric that is not known here.
  ///   - signature: how the values were computed.
  /// - Returns: the description.
  package static func standard(
    _ name: String, higherIsBetter: Bool = true, signature: String? = nil
  ) -> MetricDescription {
    let titles = [
      "bertscore": ("BERTScore", 100.0), "bartscore": ("BARTScore", 1), "bleurt": ("BLEURT", 1),
      "bleu": ("BLEU", 1), "rouge1": ("ROUGE-1", 100), "rouge2": ("ROUGE-2", 100),
      "rougeL": ("ROUGE-L", 100), "rougeLsum": ("ROUGE-Lsum", 100), "chrf": ("chrF", 1),
      "logprobs": ("Log-prob.", 1), "pseudo_log_likelihood": ("Pseudo-log-lik.", 1),
      "self_bleu": ("Self-BLEU", 1), "distinct1": ("distinct-1", 100),
      "distinct2": ("distinct-2", 100), "distinct3": ("distinct-3", 100),
      "distinct4": ("distinct-4", 100), "length_words": ("Words", 1),
      "length_characters": ("Characters", 1),
    ]
    let (title, scale) = titles[name] ?? (name, 1)
    return MetricDescription(
      name: name, title: title, scale: scale,
      higherIsBetter: titles[name] == nil ? higherIsBetter : name != "self_bleu",
      isRated: !name.hasPrefix("length_"), signature: signature)
  }
}
