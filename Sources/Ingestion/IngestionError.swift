/// A wrong setting for reading a source.
package enum IngestionError: Error, Equatable, CustomStringConvertible {
  /// A part of a field mapping is not `target=field`.
  case malformedMapping(part: String)
  /// A field mapping names a target that records do not have.
  case unknownTarget(String)
  /// A field mapping names a target twice.
  case repeatedTarget(String)
  /// A field mapping says nothing of the answer, or nothing of the question.
  case incompleteMapping(missing: String)
  /// The dialect has no source of its own and none was given.
  case missingSource(Dialect)
  /// A mapping was given for a dialect whose fields are fixed.
  case mappingNotUsed(Dialect)
  /// Stored counters cannot be read.
  case malformedCounters(found: String)

  /// One line for people.
  package var description: String {
    switch self {
    case .malformedMapping(let part):
      "field mapping: “\(part)” is not of the form target=field, such as input=question"
    case .unknownTarget(let target):
      "field mapping: there is no target “\(target)”; targets are "
        + FieldMapping.Target.allCases.map(\.rawValue).joined(separator: ", ")
    case .repeatedTarget(let target): "field mapping: the target “\(target)” is given twice"
    case .incompleteMapping(let missing):
      "field mapping: \(missing) is missing, as in input=question,output=answer"
    case .missingSource(let dialect):
      "records of the format “\(dialect.rawValue)” need the name of their source"
    case .mappingNotUsed(let dialect):
      "the fields of the format “\(dialect.rawValue)” are fixed; a field mapping goes with the "
        + "format “\(Dialect.plain.rawValue)”"
    case .malformedCounters(let found):
      "stored counters: found \(found); expected an object of whole numbers from 0 on"
    }
  }
}
