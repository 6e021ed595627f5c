/// Why a metric could not be computed.
package enum MetricsError: Error, Equatable, CustomStringConvertible {
  /// A metric's name is unknown; `nearest` is a known name that looks like it.
  case unknownMetric(name: String, known: [String], nearest: String?)
  /// There is no reference to compare with.
  case noReferences(metric: String)
  /// There is no text to be scored.
  case emptyCorpus(metric: String)
  /// A corpus has another number of hypotheses than of lists of references.
  case countMismatch(metric: String, hypotheses: Int, references: Int)

  /// One line for people.
  package var description: String {
    switch self {
    case .unknownMetric(let name, let known, let nearest):
      "unknown metric \"\(name)\""
        + (nearest.map { ", did you mean \($0)?" } ?? ":")
        + " known are \(known.joined(separator: ", "))"
    case .noReferences(let metric):
      "\(metric) got no reference, expected at least one"
    case .emptyCorpus(let metric):
      "\(metric) got an empty corpus, expected at least one hypothesis"
    case .countMismatch(let metric, let hypotheses, let references):
      "\(metric) got \(hypotheses) hypotheses and \(references) lists of references, "
        + "expected one list for each hypothesis"
    }
  }
}
