internal import Hashing

/// The hash that names a file's content on a hub and in the cache.
package enum BlobHash: Sendable, Hashable, CustomStringConvertible {
  /// SHA-256 of the content: files in large-file storage.
  case sha256(String)
  /// The id of git's blob, SHA-1 of a header with the size and the content: all other files.
  case gitBlob(String)

  /// A hash by its digits.
  ///
  /// - Parameter digits: 64 or 40 hexadecimal digits in lower case.
  package init?(digits: String) {
    guard digits.utf8.allSatisfy(Self.isDigit) else { return nil }
    switch digits.utf8.count {
    case 64: self = .sha256(digits)
    case 40: self = .gitBlob(digits)
    default: return nil
    }
  }

  /// The hash in an `ETag` field: quoted, perhaps marked as weak.
  ///
  /// - Parameter entityTag: the field's value.
  package init?(entityTag: String) {
    var text = entityTag[...]
    if text.hasPrefix("W/") { text = text.dropFirst(2) }
    if text.hasPrefix("\""), text.hasSuffix("\""), text.utf8.count >= 2 {
      text = text.dropFirst().dropLast()
    }
    self.init(digits: String(text))
  }

  /// The hexadecimal digits, which are also the blob's name in the cache.
  package var digits: String {
    switch self {
    case .sha256(let digits), .gitBlob(let digits): digits
    }
  }

  /// The kind and the digits.
  package var description: String {
    switch self {
    case .sha256(let digits): "SHA-256 \(digits)"
    case .gitBlob(let digits): "git blob \(digits)"
    }
  }

  static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }
}

/// Computes the hash of a content of known size, piece by piece, as a ``BlobHash`` of some kind.
struct BlobHasher: Sendable {
  private enum State: Sendable {
    case sha256(SHA256)
    case gitBlob(SHA1)
  }

  private var state: State

  /// A hasher for content that is to have a hash.
  ///
  /// - Parameters:
  ///   - hash: gives the kind.
  ///   - size: the bytes of the content, which git's blobs begin with.
  init(like hash: BlobHash, size: Int) {
    switch hash {
    case .sha256: state = .sha256(SHA256())
    case .gitBlob:
      var hash = SHA1()
      // Source: git, "Git Internals - Git Objects": "blob ", the size in decimals, and a zero byte.
      let header = Array("blob \(size)\0".utf8)
      unsafe hash.update(header.span.bytes)
      state = .gitBlob(hash)
    }
  }

  mutating func update(_ bytes: RawSpan) {
    switch state {
    case .sha256(var hash):
      hash.update(bytes)
      state = .sha256(hash)
    case .gitBlob(var hash):
      hash.update(bytes)
      state = .gitBlob(hash)
    }
  }

  /// The hash of everything added so far.
  var hash: BlobHash {
    switch state {
    case .sha256(let hash): .sha256(hash.hexadecimal)
    case .gitBlob(let hash): .gitBlob(hash.hexadecimal)
    }
  }
}
