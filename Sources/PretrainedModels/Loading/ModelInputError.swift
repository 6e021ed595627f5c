/// Why a model cannot read a sequence of tokens; `sequence` is its number in the request.
public enum ModelInputError: Error, Equatable, CustomStringConvertible {
  /// A sequence has no token.
  case empty(sequence: Int)
  /// A token is not in the model's vocabulary.
  case token(sequence: Int, position: Int, id: Int, vocabularySize: Int)
  /// A token type is not one of the model's.
  case tokenType(sequence: Int, position: Int, type: Int, typeCount: Int)
  /// The types are not one for each token.
  case tokenTypeCount(sequence: Int, got: Int, expected: Int)
  /// A sequence is longer than the model has positions.
  case tooLong(sequence: Int, length: Int, limit: Int)
  /// A position that is asked for is not in the sequence.
  case position(sequence: Int, position: Int, length: Int)

  /// One line for people.
  public var description: String {
    switch self {
    case .empty(let sequence):
      "sequence \(sequence) has no token: expected at least one"
    case .token(let sequence, let position, let id, let vocabularySize):
      "sequence \(sequence), position \(position): token \(id) is not in the vocabulary: "
        + "expected 0 to \(vocabularySize - 1); is the tokenizer the model's own?"
    case .tokenType(let sequence, let position, let type, let typeCount):
      "sequence \(sequence), position \(position): token type \(type): "
        + "expected 0 to \(typeCount - 1)"
    case .tokenTypeCount(let sequence, let got, let expected):
      "sequence \(sequence) has \(got) token types for \(expected) tokens"
    case .tooLong(let sequence, let length, let limit):
      "sequence \(sequence) has \(length) tokens: the model has positions for \(limit); "
        + "truncate it when it is tokenized"
    case .position(let sequence, let position, let length):
      "sequence \(sequence) has no position \(position): expected 0 to \(length - 1)"
    }
  }
}
