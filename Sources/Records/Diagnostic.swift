/// A recoverable finding about one record: stored and counted, never fatal.
public struct Diagnostic: Sendable, Equatable, CustomStringConvertible {
  /// Where a record stands in its file.
  public enum Location: Sendable, Equatable, CustomStringConvertible {
    /// A line of a JSON Lines file, counted from 1.
    case line(Int)
    /// An element of a top-level JSON array, counted from 1.
    case element(Int)

    /// `line 3` or `element 3`.
    public var description: String {
      switch self {
      case .line(let number): "line \(number)"
      case .element(let number): "element \(number)"
      }
    }
  }

  /// The file; `nil` for records that do not come from one.
  public let file: String?
  /// The place in the file.
  public let location: Location?
  /// The record's identifier, when it has one.
  public let recordID: String?
  /// The rule that was broken, a short stable name to count by: `malformed-json`, `missing-field`…
  public let rule: String
  /// What is wrong and what was expected, for people.
  public let message: String

  /// A finding.
  public init(
    file: String? = nil, location: Location? = nil, recordID: String? = nil, rule: String,
    message: String
  ) {
    self.file = file
    self.location = location
    self.recordID = recordID
    self.rule = rule
    self.message = message
  }

  /// `file, line 3, record x: message`.
  public var description: String {
    var place: [String] = []
    if let file { place.append(file) }
    if let location { place.append(location.description) }
    if let recordID { place.append("record \(recordID)") }
    return place.isEmpty ? message : place.joined(separator: ", ") + ": " + message
  }
}
