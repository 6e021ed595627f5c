internal import Glibc

/// Tells which process holds SQLite's lock on a database, for messages.
///
/// The system's list of locks is read: opening the files themselves, to ask, and closing them again
/// would drop SQLite's own locks.
///
/// Source: proc_locks(5); https://www.sqlite.org/walformat.html, "WAL locks".
enum ForeignLock {
  /// The process that keeps others from a database.
  ///
  /// - Parameter path: the database file.
  /// - Returns: its number and name; `nil` where the system does not tell.
  static func holder(of path: String) -> String? {
    let files = [path + "-shm", path].compactMap(identity)
    let own = getpid()
    for line in (text(of: "/proc/locks") ?? "").split(separator: "\n") {
      // 1: POSIX  ADVISORY  WRITE 1234 08:01:5678 120 120
      let words = line.split(separator: " ")
      guard words.count >= 8, words[1] == "POSIX", words[3] == "WRITE",
        let process = Int32(words[4]),
        process > 0, process != own, files.contains(where: { words[5].hasSuffix($0) })
      else { continue }
      let name = text(of: "/proc/\(process)/comm")?.split(separator: "\n").first
      return "process \(process)" + (name.map { " (\($0))" } ?? "")
    }
    return nil
  }

  /// Device and inode as the list of locks has them, without the device's major number.
  private static func identity(of path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    let minor = (status.st_dev & 0xFF) | ((status.st_dev >> 12) & 0xFFF00)
    let hexadecimal = String(minor, radix: 16)
    return ":" + (hexadecimal.count < 2 ? "0" : "") + hexadecimal + ":\(status.st_ino)"
  }

  private static func text(of path: String) -> String? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe read(descriptor, &piece, piece.count)
      guard count > 0 else { break }
      bytes += piece[..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
