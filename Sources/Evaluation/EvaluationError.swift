/// Why examples cannot be evaluated.
package enum EvaluationError: Error, Equatable, CustomStringConvertible {
  /// A list has another length than the candidates or metrics it belongs to.
  case lengthMismatch(example: String, list: String, got: Int, expected: Int)
  /// There are more distinct models than the tables hold.
  case tooManyModels(limit: Int, example: String, model: String)
  /// A method's choice is no candidate.
  case noSuchCandidate(example: String, method: String, index: Int, count: Int)
  /// A model named for a `>= X` column was never seen.
  case unknownReferenceModel(name: String, models: [String])

  /// What failed, what was found and what was expected.
  package var description: String {
    switch self {
    case .lengthMismatch(let example, let list, let got, let expected):
      "example \(example): \(list) has \(got) values, expected \(expected)"
    case .tooManyModels(let limit, let example, let model):
      "example \(example): model \(model) is one more than the \(limit) distinct models that "
        + "tables hold; choose the models to evaluate"
    case .noSuchCandidate(let example, let method, let index, let count):
      "example \(example): \(method) chose candidate \(index), expected 0..<\(count)"
    case .unknownReferenceModel(let name, let models):
      "no example has a candidate of model \(name), expected one of "
        + models.joined(separator: ", ")
    }
  }
}
