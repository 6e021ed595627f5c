/// Why a tokenizer cannot be loaded or used.
public enum TokenizerError: Error, Equatable, CustomStringConvertible {
  /// A file or folder cannot be read.
  case unreadable(path: String, reason: String)
  /// A folder holds none of the files that a tokenizer is loaded from.
  case noModel(folder: String, expected: [String])
  /// A model file is not what it should be.
  case malformedModel(path: String, reason: String)
  /// A JSON file beside a model does not hold what it should.
  case malformedConfiguration(path: String, reason: String)
  /// The folder is of a kind that this program does not know how to follow.
  case unsupported(path: String, what: String, expected: String)
  /// The library could not cut a text.
  case encodingFailed(bytes: Int)

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
    case .encodingFailed(let bytes):
      "SentencePiece could not cut a text of \(bytes) bytes"
    }
  }
}
