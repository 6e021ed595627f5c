/// One file of a model on a hub: what the hub's listing says of it.
package struct HubFile: Sendable, Equatable {
  /// The path in the repository, with slashes.
  package let path: String
  /// The bytes.
  package let size: Int
  /// The hash of the content.
  package let hash: BlobHash

  /// A file.
  package init(path: String, size: Int, hash: BlobHash) {
    self.path = path
    self.size = size
    self.hash = hash
  }

  /// Why a path in a listing cannot be used, or nil when it can.
  ///
  /// Git has no such paths; a hub that lists them means to write somewhere else.
  ///
  /// - Parameter path: the path.
  /// - Returns: the reason.
  static func fault(inPath path: String) -> String? {
    let bytes = Array(path.utf8)
    guard !bytes.isEmpty else { return "a name must not be empty" }
    guard bytes.count <= 2048 else { return "a path must not be longer than 2048 bytes" }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      return "a name must not have control characters"
    }
    // A cache can be shared with systems on which a backslash separates folders.
    let parts = bytes.split(omittingEmptySubsequences: false) {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
    }
    guard parts.first?.isEmpty == false else { return "a path must not be absolute" }
    for part in parts {
      if part.isEmpty { return "a folder's name must not be empty" }
      if part.elementsEqual("..".utf8) || part.elementsEqual(".".utf8) {
        return "a path must not have '.' or '..' in it"
      }
      if part.count > 255 { return "a name must not be longer than 255 bytes" }
    }
    return nil
  }

  /// The names in a path, from the outermost folder to the file.
  static func parts(of path: String) -> [String] {
    // By bytes: a slash and a combining mark after it are one character.
    path.utf8.split(separator: UInt8(ascii: "/")).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Throws when files of a listing cannot be kept side by side.
  static func check(paths: [String]) throws(HubError) {
    var seen: Set<[UInt8]> = []
    for path in paths {
      if let fault = fault(inPath: path) { throw .hostileName(path, reason: fault) }
      guard seen.insert(Array(path.utf8)).inserted else {
        throw .hostileName(path, reason: "it is listed twice")
      }
    }
    for path in paths {
      let bytes = Array(path.utf8)
      for index in bytes.indices where bytes[index] == UInt8(ascii: "/") {
        if seen.contains(Array(bytes[..<index])) {
          throw .hostileName(path, reason: "its folder is listed as a file")
        }
      }
    }
  }
}
