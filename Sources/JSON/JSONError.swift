/// Why a text is not JSON or not the JSON that was expected.
public enum JSONError: Error, Equatable, CustomStringConvertible {
  /// The text is not valid JSON; `reason` is the parser's own sentence.
  case malformed(reason: String)
  /// A value to be written is not finite, which JSON cannot hold.
  case notFinite(Double)

  /// One line for people.
  public var description: String {
    switch self {
    case .malformed(let reason): "not valid JSON: \(reason)"
    case .notFinite(let value): "JSON has no number \(value): expected a finite number"
    }
  }
}
