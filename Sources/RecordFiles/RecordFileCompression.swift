/// How a file of records is compressed.
package enum RecordFileCompression: String, Sendable {
  /// Not at all.
  case none
  /// RFC 1952, one member or several.
  case gzip
  /// RFC 8878, one frame or several.
  case zstd
}
