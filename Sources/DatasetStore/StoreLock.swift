internal import Glibc

/// The right to write to a store, held by one process at a time and given up when it dies.
///
/// A file of its own beside the store is locked: closing any descriptor of the database file itself
/// would drop SQLite's locks.
///
/// Source: flock(2); https://www.sqlite.org/howtocorrupt.html section 2.2.
final class StoreLock {
  private let descriptor: Int32

  /// Takes the lock, waiting for its holder.
  ///
  /// - Parameters:
  ///   - path: the lock file.
  ///   - storePath: the store, for messages.
  ///   - holder: what to tell others while the lock is held.
  ///   - waitSeconds: how long to wait.
  ///   - onWait: called once, with the other holder, when there is something to wait for.
  ///   - isCancelled: asked while waiting; `true` ends it early.
  /// - Throws: ``StoreError/held(path:holder:waitedSeconds:)`` or
  ///   ``StoreError/cannotLock(path:reason:)``.
  init(
    path: String, storePath: String, holder: String, waitSeconds: Int,
    onWait: (String) -> Void, isCancelled: () -> Bool
  ) throws(StoreError) {
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw .cannotLock(path: path, reason: unsafe String(cString: strerror(errno)))
    }
    var waited = 0
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw .cannotLock(path: path, reason: unsafe String(cString: strerror(errno)))
      }
      let other = Self.holder(descriptor)
      if waited == 0 { onWait(other) }
      if waited >= waitSeconds * 10 || isCancelled() {
        throw .held(path: storePath, holder: other, waitedSeconds: waited / 10)
      }
      usleep(100_000)
      waited += 1
    }
    ftruncate(descriptor, 0)
    var text = holder
    text.withUTF8 { bytes in _ = unsafe pwrite(descriptor, bytes.baseAddress, bytes.count, 0) }
  }

  // Runs as well when the initializer throws.
  deinit {
    guard descriptor >= 0 else { return }
    // A process that is being started has a copy of the descriptor for a moment, which would keep the
    // lock; unlocking counts for all copies.
    flock(descriptor, LOCK_UN)
    close(descriptor)
  }

  private static func holder(_ descriptor: Int32) -> String {
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      count = unsafe max(0, pread(descriptor, buffer.baseAddress, 256, 0))
    }
    return bytes.isEmpty ? "another process" : String(decoding: bytes, as: UTF8.self)
  }
}
