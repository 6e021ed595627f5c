/// Why a ranker cannot be loaded or cannot read a text.
package enum RerankingError: Error, Equatable, CustomStringConvertible {
  /// The folder has only a ranker's weights; its encoder is described elsewhere.
  case needsBackbone(folder: String, name: String?)
  /// Nothing tells what kind of ranker a folder holds.
  case unknownKind(path: String, got: String)
  /// A limit of tokens leaves no room for a text.
  case lengthTooShort(name: String, got: Int, minimum: Int)
  /// A classifier gives several numbers, and none of them is the reward.
  case severalLabels(path: String, count: Int)
  /// A tensor has another number of axes or another length than its layer.
  case tensor(path: String, name: String, got: [Int]?, expected: String)
  /// The tokenizer gives ids that the ranker's weights have no embedding for.
  case vocabulary(path: String, token: String, id: Int, count: Int)
  /// A marker's id in `config.json` is not the tokenizer's.
  case markerID(path: String, key: String, got: Int, expected: Int)
  /// The tokenizer lacks a token that the ranker needs.
  case missingToken(path: String, role: String)
  /// A logit is not a number.
  case notFinite(input: Int, first: Int, second: Int)
  /// A conversation cannot be compared.
  case conversation(String)

  /// One line for people.
  package var description: String {
    switch self {
    case .needsBackbone(let folder, let name):
      "\(folder): the folder holds a ranker's weights alone: name the folder of its encoder with "
        + "--backbone" + (name.map { " (the ranker was made of '\($0)')" } ?? "")
    case .unknownKind(let path, let got):
      "\(path): \(got) does not tell what kind of ranker this is: expected a PairRanker, a "
        + "SummaReranker, an encoder (SimCLS), a model for sequence classification or a masked "
        + "language model; say which with --kind"
    case .lengthTooShort(let name, let got, let minimum):
      "\(name) is \(got): expected at least \(minimum), so that the special tokens fit"
    case .severalLabels(let path, let count):
      "\(path): a classifier with \(count) labels: expected a reward model, which has one"
    case .tensor(let path, let name, let got, let expected):
      "\(path): tensor '\(name)' \(got.map { "has the shape \($0)" } ?? "is missing"): "
        + "expected \(expected)"
    case .vocabulary(let path, let token, let id, let count):
      "\(path): the tokenizer's '\(token)' has the id \(id), the weights have \(count) embeddings: "
        + "is the tokenizer the ranker's own?"
    case .markerID(let path, let key, let got, let expected):
      "\(path): '\(key)' is \(got), the tokenizer says \(expected): "
        + "is the tokenizer the ranker's own?"
    case .missingToken(let path, let role):
      "\(path): the tokenizer has no \(role) token: expected one, since the ranker needs it"
    case .notFinite(let input, let first, let second):
      "the logit of candidates \(first) and \(second) of input \(input) is not a finite number: "
        + "the weights overflow"
    case .conversation(let reason): "the conversations cannot be compared: \(reason)"
    }
  }
}
