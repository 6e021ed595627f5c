internal import CNettle

/// The SHA-1 hash of bytes given in pieces, for names that others gave by it, such as git's.
///
/// It is broken as a protection against forgery; nothing new is named by it.
///
/// Source: FIPS 180-4, through nettle 3.8.
public struct SHA1: Sendable {
  private var context: sha1_ctx

  /// A hash of nothing yet.
  public init() {
    context = sha1_ctx()
    unsafe nettle_sha1_init(&context)
  }

  /// Adds bytes.
  ///
  /// - Parameter bytes: what to hash next.
  public mutating func update(_ bytes: RawSpan) {
    unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return }
      unsafe nettle_sha1_update(&context, buffer.count, start.assumingMemoryBound(to: UInt8.self))
    }
  }

  /// The hash of everything added so far; more can be added afterwards.
  public var digest: [UInt8] {
    var copy = context
    return unsafe [UInt8](unsafeUninitializedCapacity: Int(SHA1_DIGEST_SIZE)) { buffer, count in
      guard let start = buffer.baseAddress else { return }
      unsafe nettle_sha1_digest(&copy, Int(SHA1_DIGEST_SIZE), start)
      count = Int(SHA1_DIGEST_SIZE)
    }
  }

  /// The hash as 40 lower-case hexadecimal digits.
  public var hexadecimal: String { digest.hexadecimal }
}
