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
  public var description: String { "sequence \(sequence): \(reason)" }

  /// The number of the sequence in the request.
  public var sequence: Int {
    switch self {
    case .empty(let sequence), .token(let sequence, _, _, _), .tokenType(let sequence, _, _, _),
      .tokenTypeCount(let sequence, _, _), .tooLong(let sequence, _, _),
      .position(let sequence, _, _):
      sequence
    }
  }

  /// The description without the sequence's number, for those who know it by another name.
  public var reason: String {
    switch self {
    case .empty: "no token: expected at least one"
    case .token(_, let position, let id, let vocabularySize):
      "position \(position): token \(id) is not in the vocabulary: "
        + "expected 0 to \(vocabularySize - 1); is the tokenizer the model's own?"
    case .tokenType(_, let position, let type, let typeCount):
      "position \(position): token type \(type): expected 0 to \(typeCount - 1)"
    case .tokenTypeCount(_, let got, let expected): "\(got) token types for \(expected) tokens"
    case .tooLong(_, let length, let limit):
      "\(length) tokens: the model has positions for \(limit); truncate it when it is tokenized"
    case .position(_, let position, let length):
      "no position \(position): expected 0 to \(length - 1)"
    }
  }
}
