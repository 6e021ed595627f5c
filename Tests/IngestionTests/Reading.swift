import Ingestion
import JSON
import Records

/// Reads one JSON text with a reader.
func read(_ json: String, with reader: inout SourceReader) throws -> SourceReading {
  var result: SourceReading?
  try JSONParser().parse(json.utf8) { result = reader.read($0, at: .line(7), in: "x.jsonl") }
  return result ?? .skipped(rule: "none", reason: "")
}

/// Reads one JSON text with a new reader.
func read(_ json: String, _ settings: SourceReader.Settings) throws -> SourceReading {
  var reader = try SourceReader(settings)
  return try read(json, with: &reader)
}

extension SourceReading {
  /// The record, when there is one.
  var record: SourceRecord? { if case .record(let record) = self { record } else { nil } }

  /// The rule, when there is no record.
  var rule: String? {
    switch self {
    case .record: nil
    case .skipped(let rule, _): rule
    case .malformed(let diagnostic): diagnostic.rule
    }
  }

  /// The line for people, when there is no record.
  var message: String? {
    switch self {
    case .record: nil
    case .skipped(_, let reason): reason
    case .malformed(let diagnostic): diagnostic.description
    }
  }
}
