package import Records

/// What became of one element of a raw source.
package enum SourceReading: Sendable, Equatable {
  /// It is a usable record.
  case record(SourceRecord)
  /// It is as it should be but of no use: `rule` is a short stable name to count by.
  case skipped(rule: String, reason: String)
  /// It is not what the dialect asks for.
  case malformed(Diagnostic)
}
