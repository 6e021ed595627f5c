internal import Glibc

/// A lock that other processes respect, Python's downloads included; released with the object.
///
/// Source: filelock 4.3, `UnixFileLock`: `flock(2)` on a file that stays when it is released.
final class FileLock {
  private let descriptor: Int32

  /// Takes a lock when nobody holds it.
  ///
  /// - Parameter path: the lock file; made when it is missing, with the folders above it.
  /// - Throws: ``HubError/system(operation:path:code:)``.
  /// - Returns: nil when another process, or another object of this one, holds it.
  static func take(_ path: String) throws(HubError) -> FileLock? {
    if let folder = FileSystem.parent(of: path) { try FileSystem.makeFolder(folder) }
    // Group-writable, as huggingface_hub makes them: several users can share a cache.
    guard
      let descriptor = try FileSystem.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, mode: 0o664)
    else { return nil }
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      let code = errno
      if code == EINTR { continue }
      close(descriptor)
      if code == EWOULDBLOCK || code == EACCES { return nil }
      throw .system(operation: "lock", path: path, code: code)
    }
    return FileLock(descriptor)
  }

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }
}
