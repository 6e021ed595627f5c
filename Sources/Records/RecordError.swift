/// Why a JSON value is not the record that was expected.
public enum RecordError: Error, Equatable, CustomStringConvertible {
  /// The record itself, or a part of it, is of the wrong kind.
  case wrongKind(field: String, found: String, expected: String)
  /// A field that must be there is not.
  case missingField(String, expected: String)
  /// A verdict is none of the four.
  case unknownVerdict(pair: String, found: String)
  /// The key of a verdict does not name two of the record's models.
  case unknownPair(String)
  /// The key of a verdict can be split into two of the record's models in more than one way.
  case ambiguousPair(String)

  /// A short stable name to count by.
  public var rule: String {
    switch self {
    case .wrongKind: "wrong-kind"
    case .missingField: "missing-field"
    case .unknownVerdict: "unknown-verdict"
    case .unknownPair: "unknown-pair"
    case .ambiguousPair: "ambiguous-pair"
    }
  }

  /// One line: the field, what was found, what was expected.
  public var description: String {
    switch self {
    case .wrongKind(let field, let found, let expected):
      "\(field) is \(found), expected \(expected)"
    case .missingField(let field, let expected):
      "\(field) is missing, expected \(expected)"
    case .unknownVerdict(let pair, let found):
      "the verdict on '\(pair)' is \(found), expected one of "
        + Verdict.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    case .unknownPair(let pair):
      "the verdict key '\(pair)' does not name two models of the record, expected 'modelA,modelB'"
    case .ambiguousPair(let pair):
      "the verdict key '\(pair)' can be split into two models of the record in several ways"
    }
  }
}
