internal import CXXHash

/// Hashes several fields into one ``ContentHash``, each with its length before it.
///
/// The lengths keep `("ab", "c")` and `("a", "bc")` apart. One hasher makes any number of hashes.
@safe package struct ContentHasher: ~Copyable {
  private let state: OpaquePointer

  /// A hasher without fields.
  package init() {
    guard let state = unsafe XXH3_createState() else {
      preconditionFailure("out of memory while making a hasher")
    }
    unsafe self.state = state
    unsafe XXH3_128bits_reset(state)
  }

  deinit { unsafe XXH3_freeState(state) }

  /// Adds a text field.
  ///
  /// - Parameter field: the text, hashed as its UTF-8 bytes.
  package mutating func combine(_ field: String) {
    var field = field
    field.withUTF8 { unsafe combine(UnsafeRawBufferPointer($0)) }
  }

  /// Adds a field of bytes.
  ///
  /// - Parameter field: the bytes.
  package mutating func combine(_ field: [UInt8]) {
    unsafe field.withUnsafeBytes { unsafe combine($0) }
  }

  /// Adds a field of bytes.
  ///
  /// - Parameter field: the bytes.
  package mutating func combine(_ field: UnsafeRawBufferPointer) {
    var length = UInt64(field.count).littleEndian
    _ = unsafe XXH3_128bits_update(state, &length, 8)
    unsafe update(field)
  }

  /// Gives the hash of the fields and starts anew.
  ///
  /// - Returns: the hash.
  package mutating func finish() -> ContentHash {
    let hash = unsafe XXH3_128bits_digest(state)
    unsafe XXH3_128bits_reset(state)
    return ContentHash(high: hash.high64, low: hash.low64)
  }

  /// Adds bytes without their length, for one stream in pieces.
  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    _ = unsafe XXH3_128bits_update(state, bytes.baseAddress, bytes.count)
  }
}
