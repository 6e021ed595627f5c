internal import Tensors

/// Puts together the text that names how a score was computed.
enum SignatureText {
  /// The version of the metrics that are computed here; it grows when a value may change.
  static let version = "mixinstruct-1"

  /// The canonical text: `bleurt|model:…|max-length:512|precision:float32|version:mixinstruct-1`.
  ///
  /// - Parameters:
  ///   - metric: the metric.
  ///   - options: what the value depends on besides the texts.
  ///   - precision: how the model computes.
  /// - Returns: the text.
  static func text(
    _ metric: NeuralMetric, _ options: KeyValuePairs<String, String>, precision: Precision
  ) -> String {
    var parts = [metric.name]
    for (name, value) in options { parts.append("\(name):\(value)") }
    parts += ["precision:\(precision.rawValue)", "version:\(version)"]
    return parts.joined(separator: "|")
  }
}
