/// How records stand in a file.
package enum RecordFileLayout: String, Sendable {
  /// One JSON value per line.
  case lines
  /// The elements of one top-level JSON array.
  case array
}
