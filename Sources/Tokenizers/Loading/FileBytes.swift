internal import Glibc

/// Reads whole small files without Foundation, whose loading costs more than the reading.
enum FileBytes {
  /// Whether a path names a folder.
  ///
  /// - Parameter path: the path.
  /// - Returns: `false` as well for a path that does not exist.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Whether a path names something that can be read.
  ///
  /// - Parameter path: the path.
  /// - Returns: whether it exists and may be read.
  static func exists(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  /// The content of a file.
  ///
  /// - Parameter path: the path.
  /// - Returns: the bytes.
  /// - Throws: ``TokenizerError/unreadable(path:reason:)``.
  static func read(_ path: String) throws -> [UInt8] {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw failure(path) }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw TokenizerError.unreadable(path: path, reason: "it is a folder")
    }
    var bytes = [UInt8](repeating: 0, count: max(Int(status.st_size), 0) + 1)
    var filled = 0
    while true {
      if filled == bytes.count { bytes += [UInt8](repeating: 0, count: bytes.count) }
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(
          descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure(path) }
      if count == 0 { break }
      filled += count
    }
    bytes.removeSubrange(filled...)
    return bytes
  }

  /// The error of the last system call.
  static func failure(_ path: String) -> TokenizerError {
    .unreadable(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
