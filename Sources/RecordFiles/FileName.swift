/// What the ending of a file's name says about its content.
struct FileName {
  /// The layout; `nil` when the ending is not one of the known ones.
  let layout: RecordFileLayout?
  /// The compression.
  let compression: RecordFileCompression

  /// Reads a path's ending; capital letters count as small ones.
  init(_ path: String) {
    var rest = path.lowercased()
    if rest.hasSuffix(".gz") {
      compression = .gzip
      rest.removeLast(3)
    } else if rest.hasSuffix(".zst") {
      compression = .zstd
      rest.removeLast(4)
    } else {
      compression = .none
    }
    if rest.hasSuffix(".json") {
      layout = .array
    } else if rest.hasSuffix(".jsonl") || rest.hasSuffix(".ndjson") {
      layout = .lines
    } else {
      layout = nil
    }
  }
}
