/// The first bytes by which formats are told apart.
enum FileSignature {
  /// The compression that a file beginning with `head` has.
  static func compression(_ head: [UInt8]) -> RecordFileCompression {
    if head.starts(with: [0x1F, 0x8B]) { return .gzip }
    if head.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { return .zstd }
    // A zstd file may begin with a skippable frame, whose magic number ends in any half byte.
    if head.count >= 4, head[0] & 0xF0 == 0x50, head[1...3].elementsEqual([0x2A, 0x4D, 0x18]) {
      return .zstd
    }
    return .none
  }

  /// The name of a well-known format that holds no JSON text.
  static func unsupportedFormat(_ head: [UInt8]) -> String? {
    signatures.first { head.starts(with: $0.bytes) }?.name
  }

  private static let signatures: [(bytes: [UInt8], name: String)] = [
    (Array("PAR1".utf8), "an Apache Parquet file"),
    (Array("ARROW1".utf8), "an Apache Arrow file"),
    (Array("SQLite format 3".utf8), "an SQLite database"),
    ([0x50, 0x4B, 0x03, 0x04], "a ZIP archive"),
    (Array("BZh".utf8), "a bzip2 file"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz file"),
    ([0xFF, 0xFE], "UTF-16 text"),
    ([0xFE, 0xFF], "UTF-16 text"),
  ]
}
