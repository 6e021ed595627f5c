/// Why nothing can be generated.
public enum GenerationError: Error, Equatable, CustomStringConvertible {
  /// An option has a value that it cannot have.
  case option(String, got: String, expected: String)
  /// The model gave a number that is not finite.
  case notFinite(request: Int, position: Int)
  /// No token is left that may come next.
  case noToken(request: Int, position: Int)
  /// The sequences would be longer than the model has positions.
  case tooLong(maxNewTokens: Int, limit: Int)

  /// One line for people.
  public var description: String {
    switch self {
    case .option, .tooLong: reason
    case .notFinite(let request, _), .noToken(let request, _): "request \(request), \(reason)"
    }
  }

  /// The description without the number of the request, for those who know it by another name.
  public var reason: String {
    switch self {
    case .option(let name, let got, let expected): "\(name) is \(got): expected \(expected)"
    case .notFinite(_, let position):
      "token \(position): the model's scores are not finite: its weights are damaged, or need a "
        + "higher precision"
    case .noToken(_, let position): "token \(position): the options forbid every token"
    case .tooLong(let maxNewTokens, let limit):
      "max new tokens is \(maxNewTokens): expected at most \(limit), the model's positions"
    }
  }
}
