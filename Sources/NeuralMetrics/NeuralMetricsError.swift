/// Why a metric cannot be computed with a model.
package enum NeuralMetricsError: Error, Equatable, CustomStringConvertible {
  /// A model has no such layer.
  case layer(model: String, got: Int, layers: Int)
  /// Nothing says which layer of a model is used.
  case unknownLayer(model: String)
  /// A file of baselines cannot be used.
  case baseline(path: String, reason: String)
  /// A model gives another number of values than one.
  case labels(model: String, got: Int)
  /// A tokenizer lacks a token that the metric needs.
  case missingToken(model: String, token: String)
  /// A tokenizer puts other special tokens around a text than one on each side.
  case specialTokens(model: String, got: Int)
  /// Not even the special tokens fit.
  case maximumLength(got: Int, least: Int)
  /// Weights by document frequency were asked for, but there is no reference.
  case noReferences
  /// A file of the model cannot be read.
  case unreadable(path: String, reason: String)
  /// The user stopped the work.
  case stopped

  /// One line for people.
  package var description: String {
    switch self {
    case .layer(let model, let got, let layers):
      "\(model) has no layer \(got): expected 0 (the embeddings) to \(layers)"
    case .unknownLayer(let model):
      "BERTScore has no usual layer for \(model): say which one"
    case .baseline(let path, let reason):
      "\(path) is no table of baselines: \(reason); expected lines 'LAYER,P,R,F'"
    case .labels(let model, let got):
      "\(model) gives \(got) values for a pair: BLEURT is a regression with one"
    case .missingToken(let model, let token): "the tokenizer of \(model) has no \(token) token"
    case .specialTokens(let model, let got):
      "the tokenizer of \(model) puts \(got) special tokens around a text: expected one before and "
        + "one after it"
    case .maximumLength(let got, let least):
      "texts cannot be cut to \(got) tokens: the special tokens alone are \(least)"
    case .noReferences: "there is no reference whose words could be counted for the weights"
    case .unreadable(let path, let reason): "cannot read \(path): \(reason)"
    case .stopped: "stopped"
    }
  }
}
