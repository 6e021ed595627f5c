/// Why a tokenizer cannot be loaded or used.
public enum TokenizerError: Error, Equatable, CustomStringConvertible {
  /// A file or folder cannot be read.
  case unreadable(path: String, reason: String)
  /// A folder holds none of the files that a tokenizer is loaded from.
  case noModel(folder: String, expected: [String])
  /// A model file is not what it should be.
  case malformedModel(path: String, reason: String)
  /// A JSON or text file does not hold what it should.
  case malformedConfiguration(path: String, reason: String)
  /// The folder is of a kind that this program does not know how to follow.
  case unsupported(path: String, what: String, expected: String)
  /// A regular expression cannot be compiled, or a search with it gave up.
  case expressionFailed(pattern: String, reason: String)
  /// A file's steps make far more of a text than there was.
  case oversized(bytes: Int, limit: Int)
  /// A text holds something that the model has no token for, not even one for the unknown.
  case unknownToken(text: String, reason: String)
  /// A text cannot be cut to a length in the way that was asked for.
  case untruncatable(maximumLength: Int, reason: String)
  /// A number that cannot be a token's id.
  case invalidID(Int)

  /// One line: what failed, what was found, what was expected.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "cannot read the tokenizer \(path): \(reason)"
    case .noModel(let folder, let expected):
      "no tokenizer in \(folder): expected one of \(expected.joined(separator: ", "))"
    case .malformedModel(let path, let reason):
      "\(path) is not a SentencePiece model: \(reason)"
    case .malformedConfiguration(let path, let reason):
      "cannot use \(path): \(reason)"
    case .unsupported(let path, let what, let expected):
      "\(path) has \(what), expected \(expected)"
    case .expressionFailed(let pattern, let reason):
      "the tokenizer's regular expression '\(pattern)' failed: \(reason)"
    case .oversized(let bytes, let limit):
      "the tokenizer's steps make \(bytes) bytes of a text, more than the \(limit) that it may become"
    case .unknownToken(let text, let reason):
      "the tokenizer has no token for '\(text)': \(reason)"
    case .untruncatable(let maximumLength, let reason):
      "cannot cut to \(maximumLength) tokens: \(reason)"
    case .invalidID(let id):
      "\(id) is no token id: expected a number from 0 to \(TokenID.max)"
    }
  }
}
