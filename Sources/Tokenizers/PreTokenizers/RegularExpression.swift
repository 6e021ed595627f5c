internal import COniguruma

/// A regular expression of the library that Hugging Face's tokenizers use for those in their files.
@safe final class RegularExpression {
  /// The pattern.
  let pattern: String
  private let handle: OnigRegex

  private static let isPrepared: Bool = {
    coniguruma_initialize()
    return true
  }()

  /// Compiles a pattern.
  ///
  /// - Parameter pattern: the pattern, in Oniguruma's own syntax.
  /// - Throws: ``TokenizerError/expressionFailed(pattern:reason:)``.
  init(_ pattern: String) throws(TokenizerError) {
    _ = Self.isPrepared
    self.pattern = pattern
    var pattern = pattern
    var message = [CChar](repeating: 0, count: Int(coniguruma_message_size))
    let created = pattern.withUTF8 { bytes in
      unsafe message.withUnsafeMutableBufferPointer { buffer in
        unsafe coniguruma_create(bytes.baseAddress, bytes.count, buffer.baseAddress)
      }
    }
    guard let created = unsafe created else {
      let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      throw .expressionFailed(
        pattern: self.pattern, reason: String(decoding: text, as: UTF8.self))
    }
    unsafe handle = created
  }

  deinit { unsafe onig_free(handle) }

  /// Calls `body` with every match; they do not overlap.
  ///
  /// An empty match directly behind another match does not count.
  ///
  /// - Parameters:
  ///   - text: valid UTF-8.
  ///   - body: receives the ranges.
  /// - Throws: ``TokenizerError/expressionFailed(pattern:reason:)`` when the library gives up.
  func forEachMatch(
    in text: ByteView, _ body: (Range<Int>) -> Void
  ) throws(TokenizerError) {
    guard let region = unsafe onig_region_new() else {
      throw .expressionFailed(pattern: pattern, reason: "out of memory")
    }
    defer { unsafe onig_region_free(region, 1) }
    var position = 0
    var lastEnd: Int?
    while position <= text.count {
      var start = 0
      var end = 0
      let found = unsafe coniguruma_search(
        handle, text.base, text.count, position, region, &start, &end)
      if found == 0 { return }
      guard found > 0, start >= 0, end >= start, end <= text.count else {
        throw .expressionFailed(pattern: pattern, reason: "the search gave up (code \(found))")
      }
      if start == end, lastEnd == end {
        position += position < text.count ? ByteView.length(startingWith: text[position]) : 1
        continue
      }
      position = end
      lastEnd = end
      body(start..<end)
    }
  }
}

// The library only reads a compiled expression while it searches; the region belongs to the call.
extension RegularExpression: @unchecked Sendable {}
