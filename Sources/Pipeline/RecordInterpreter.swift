internal import JSON
internal import Records

/// What the thread that reads a file makes of its records, one after another.
protocol RecordInterpreter: Sendable {
  /// What is stored of a record.
  associatedtype Value: Sendable

  /// The counters after the record read last, stored with the progress of the file.
  var state: JSONValue? { get }

  /// Makes of a record what is to be stored.
  ///
  /// - Parameters:
  ///   - element: the record.
  ///   - location: its place in the file.
  /// - Returns: what to store, or why nothing is.
  mutating func interpret(
    _ element: JSONElement, at location: Diagnostic.Location
  ) -> RecordInterpretation<Value>
}

/// What a record of a file turned out to be.
enum RecordInterpretation<Value: Sendable>: Sendable {
  /// It is of use; findings are what is odd about it.
  case value(Value, findings: [Diagnostic] = [])
  /// It is not.
  case dropped(Diagnostic)
}
