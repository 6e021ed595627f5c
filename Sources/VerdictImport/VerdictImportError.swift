/// Why a record holds no verdict or answer that can be taken over.
package enum VerdictImportError: Error, Equatable, CustomStringConvertible {
  /// The record is not an object.
  case notAnObject(found: String)
  /// A field is absent.
  case missingField(String, expected: String)
  /// A field is of another kind.
  case wrongKind(field: String, found: String, expected: String)
  /// A field has a value that the format does not know.
  case unknownValue(field: String, found: String, expected: String)
  /// A record has several questions, none of which is known to hold the verdicts.
  case unclearQuestion([String])
  /// Both candidates have the same model.
  case sameModel(String)
  /// The fields are those of no known format.
  case unknownFormat

  /// A short stable name to count by.
  package var rule: String {
    switch self {
    case .notAnObject, .wrongKind: "wrong-kind"
    case .missingField: "missing-field"
    case .unknownValue: "unknown-value"
    case .sameModel: "same-model"
    case .unknownFormat: "unknown-format"
    case .unclearQuestion: "unclear-question"
    }
  }

  /// One line for people.
  package var description: String {
    switch self {
    case .notAnObject(let found): "the record is \(found), expected an object"
    case .missingField(let field, let expected): "'\(field)' is missing, expected \(expected)"
    case .wrongKind(let field, let found, let expected):
      "'\(field)' is \(found), expected \(expected)"
    case .unknownValue(let field, let found, let expected):
      "'\(field)' is \(found), expected \(expected)"
    case .sameModel(let model): "both candidates are of model '\(model)', expected two models"
    case .unclearQuestion(let names):
      "none of the questions \(names.map { "'\($0)'" }.joined(separator: ", ")) is known to hold "
        + "verdicts: name it with --field"
    case .unknownFormat:
      "no known kind of verdict: expected 'verdict', 'winner', 'g1_winner' or 'preference'"
    }
  }
}
