internal import Glibc
internal import SQLite

extension Store {
  /// The name under which a store is opened and locked, whatever link or odd name it is given by.
  ///
  /// - Parameters:
  ///   - path: the path as typed.
  ///   - mayBeMissing: whether the file is going to be made.
  /// - Returns: the path behind symbolic links, never one that SQLite gives a meaning of its own.
  /// - Throws: ``StoreError/missing(path:)``, ``StoreError/notAFile(path:reason:)``.
  static func location(of path: String, mayBeMissing: Bool) throws(StoreError) -> String {
    guard !path.isEmpty else {
      throw .notAFile(path: "the store", reason: "its name is empty; expected a file")
    }
    // SQLite takes ":memory:" for a database without a file, and "file:" for an address.
    // Two names of one store must have one lock.
    let location = followed(
      path.hasPrefix(":") || path.hasPrefix("file:") ? "./" + path : path)
    var status = stat()
    guard unsafe stat(location, &status) == 0 else {
      let code = errno
      if mayBeMissing { return location }
      if code == ENOENT || code == ENOTDIR { throw .missing(path: path) }
      throw .notAFile(path: path, reason: unsafe String(cString: strerror(code)))
    }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return location
    case S_IFDIR: throw .notAFile(path: path, reason: "this is a folder; expected a file")
    default: throw .notAFile(path: path, reason: "this is no regular file; expected one")
    }
  }

  /// The path behind a symbolic link, whether or not there is a file yet; other paths as they are.
  private static func followed(_ path: String) -> String {
    var path = path
    // As many as the system follows itself.
    for _ in 0..<40 {
      var space = [CChar](repeating: 0, count: Int(PATH_MAX))
      let count = unsafe readlink(path, &space, space.count)
      guard count > 0 else { break }
      let target = space[..<count].map { UInt8(bitPattern: $0) }
      let link = Array(path.utf8)
      let end = link.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
      let isAbsolute = target[0] == UInt8(ascii: "/")
      path = String(decoding: (isAbsolute ? [] : link[..<end]) + target, as: UTF8.self)
    }
    return path
  }

  /// Opens the first connection; waits for programs that know SQLite's locks but not ours.
  static func connection(
    to location: String, _ access: Access, _ waiting: Waiting
  ) throws -> Connection {
    var waited = 0
    while true {
      do {
        let connection = try access == .read ? reader(location) : writer(location, access)
        // A lock that comes later is waited for by SQLite.
        connection.setBusyTime(seconds: 30)
        return connection
      } catch let error as SQLiteError where error.isBusy {
        let holder = ForeignLock.holder(of: location) ?? "another program"
        if waited == 0 { waiting.onWait(holder) }
        // Each attempt has waited a second.
        waited += 1
        if waited >= waiting.seconds || waiting.isCancelled() {
          throw StoreError.held(path: location, holder: holder, waitedSeconds: waited)
        }
      }
    }
  }

  private static func writer(_ location: String, _ access: Access) throws -> Connection {
    let connection = try Connection(
      path: location, access: access == .create ? .readWriteCreate : .readWrite, busySeconds: 1)
    try connection.execute("BEGIN IMMEDIATE")
    try connection.execute("ROLLBACK")
    return connection
  }

  /// A connection that sees the store as it is now, whatever others write meanwhile.
  private static func reader(_ location: String) throws -> Connection {
    func snapshot(_ access: Connection.Access) throws -> Connection {
      let connection = try Connection(path: location, access: access, busySeconds: 1)
      try connection.execute("BEGIN")
      _ = try connection.integer("PRAGMA application_id")
      return connection
    }
    do {
      return try snapshot(.readOnly)
    } catch let error as SQLiteError where error.isInputOutput && isAlone(location) {
      // In a folder that is read-only SQLite cannot make the files beside a database by which
      // readers and writers take turns; where there is no log, the database is complete.
      return try snapshot(.immutable)
    }
  }

  /// Whether no log stands beside a database.
  private static func isAlone(_ location: String) -> Bool {
    var status = stat()
    return unsafe stat(location + "-wal", &status) != 0 || status.st_size == 0
  }
}
