/// How much larger the steps of a file may make a text.
///
/// Real ones triple it. A few steps that each double it would fill every memory.
enum GrowthLimit {
  /// Checks what has become of a text.
  ///
  /// - Parameters:
  ///   - count: the bytes that there are now.
  ///   - original: the bytes that there were.
  /// - Throws: ``TokenizerError/oversized(bytes:limit:)``.
  static func check(_ count: Int, of original: Int) throws(TokenizerError) {
    if count > limit(of: original) {
      throw .oversized(bytes: count, limit: limit(of: original))
    }
  }

  /// The most bytes that a text may become.
  static func limit(of original: Int) -> Int { 1 << 24 + 64 * original }
}
