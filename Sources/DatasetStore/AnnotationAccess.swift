package import SQLite

/// The right to serve the annotation of a store, held by one process at a time.
///
/// Its lock stands beside the store's own: other verbs can write while people vote, each waiting for
/// the other's transactions only. The service's transactions are short.
package final class AnnotationAccess {
  /// Where the store is.
  package let place: Place
  private let lock: StoreLock

  /// Where a store is, for connections of any thread.
  package struct Place: Sendable {
    private let location: String

    fileprivate init(location: String) { self.location = location }

    /// A connection whose commits survive a power cut.
    ///
    /// - Returns: a connection of the caller's own.
    /// - Throws: `SQLiteError`.
    package func makeWriter() throws -> Connection {
      let connection = try Connection(path: location, access: .readWrite)
      try connection.setDurability(.powerLoss)
      try connection.execute("PRAGMA cache_size = -65536")
      return connection
    }

    /// A connection that reads what was committed last.
    ///
    /// - Returns: a connection of the caller's own.
    /// - Throws: `SQLiteError`.
    package func makeReader() throws -> Connection {
      try Connection(path: location, access: .readOnly)
    }
  }

  /// Brings a store's tables up to date and takes the lock, which goes with this object.
  ///
  /// - Parameters:
  ///   - path: the store, which must exist.
  ///   - verb: the command, which other processes are told.
  ///   - waiting: how to wait for another process that is writing at this moment.
  /// - Throws: ``StoreError``, `SQLiteError`.
  package init(path: String, verb: String, waiting: Store.Waiting) throws {
    let location = try Store.location(of: path, mayBeMissing: false)
    lock = try StoreLock(
      path: location + ".annotate.lock", storePath: path, holder: Store.holder(verb: verb),
      waitSeconds: 0, onWait: { _ in }, isCancelled: { true })
    place = Place(location: location)
    // Given up at once: it is only to bring the tables up to date.
    _ = try Store(path: path, access: .write, verb: verb, waiting: waiting)
  }
}

// A path and a descriptor that nothing changes.
extension AnnotationAccess: @unchecked Sendable {}
