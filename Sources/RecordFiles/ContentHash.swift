internal import CXXHash

/// A 128-bit hash of content, for the keys of journals and the finding of duplicates.
///
/// Not for security: whoever wants to can make two texts with equal hashes.
///
/// Source: XXH3, 128 bits, seed 0 (Collet; xxHash 0.8.1). The hexadecimal form is the canonical one
/// that `xxh128sum` prints.
package struct ContentHash: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// The first 8 bytes of the canonical form, most significant byte first.
  package let high: UInt64
  /// The last 8 bytes of the canonical form.
  package let low: UInt64

  /// A hash from its two halves.
  package init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The hash of bytes.
  ///
  /// - Parameter bytes: the bytes.
  package init(_ bytes: UnsafeRawBufferPointer) {
    let hash = unsafe XXH3_128bits(bytes.baseAddress, bytes.count)
    self.init(high: hash.high64, low: hash.low64)
  }

  /// The hash of bytes.
  ///
  /// - Parameter bytes: the bytes.
  package init(_ bytes: [UInt8]) {
    self = unsafe bytes.withUnsafeBytes { unsafe ContentHash($0) }
  }

  /// The hash of a text's UTF-8 bytes.
  ///
  /// - Parameter text: the text.
  package init(_ text: String) {
    var text = text
    self = text.withUTF8 { unsafe ContentHash(UnsafeRawBufferPointer($0)) }
  }

  /// A hash from its 16 bytes.
  ///
  /// - Parameter bytes: the canonical form; `nil` comes of any other number of bytes than 16.
  package init?(bytes: [UInt8]) {
    guard bytes.count == 16 else { return nil }
    high = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
    low = bytes[8...].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The canonical form, most significant byte first.
  package var bytes: [UInt8] {
    [high, low].flatMap { half in
      (0..<8).map { UInt8(truncatingIfNeeded: half >> UInt64(56 - 8 * $0)) }
    }
  }

  /// The canonical form as 32 lower-case hexadecimal digits.
  package var description: String {
    [high, low].map { half in
      let digits = String(half, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// The order of the canonical bytes.
  package static func < (left: ContentHash, right: ContentHash) -> Bool {
    (left.high, left.low) < (right.high, right.low)
  }
}
