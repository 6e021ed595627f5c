internal import Foundation

/// What texts that have nothing to do with each other score with a layer of a model: scores are
/// rescaled so that this becomes 0.
///
/// Source: bert-score 0.3.13, `rescale_baseline/*/*.tsv`: lines `LAYER,P,R,F`.
package struct BERTScoreBaseline: Sendable, Equatable {
  private let precision: Double
  private let recall: Double
  private let f: Double

  /// Baselines as numbers.
  init(precision: Double, recall: Double, f: Double) {
    self.precision = precision
    self.recall = recall
    self.f = f
  }

  /// Reads the baselines of a layer.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - layer: the layer.
  /// - Throws: ``NeuralMetricsError/baseline(path:reason:)``, `unreadable`.
  package init(path: String, layer: Int) throws(NeuralMetricsError) {
    let text: String
    do {
      text = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    var lines = text.split(whereSeparator: \.isNewline)
    guard let header = lines.first, header.hasPrefix("LAYER,") else {
      throw .baseline(path: path, reason: "its first line names no layer")
    }
    lines.removeFirst()
    for (number, line) in lines.enumerated() {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
        .map { Double($0.trimmingCharacters(in: .whitespaces)) }
      guard fields.count == 4, let found = fields[0], let p = fields[1], let r = fields[2],
        let f = fields[3]
      else { throw .baseline(path: path, reason: "line \(number + 2) is '\(line)'") }
      guard found == Double(layer) else { continue }
      guard [p, r, f].allSatisfy({ $0.isFinite && $0 < 1 }) else {
        throw .baseline(path: path, reason: "line \(number + 2) has a number that is not below 1")
      }
      self.init(precision: p, recall: r, f: f)
      return
    }
    throw .baseline(path: path, reason: "it has no layer \(layer)")
  }

  /// A score on the scale on which the baseline is 0 and a perfect match 1.
  func rescale(_ score: BERTScore) -> BERTScore {
    BERTScore(
      precision: (score.precision - precision) / (1 - precision),
      recall: (score.recall - recall) / (1 - recall), f: (score.f - f) / (1 - f))
  }

  /// The numbers, for the signature.
  var text: String { "\(precision),\(recall),\(f)" }
}
