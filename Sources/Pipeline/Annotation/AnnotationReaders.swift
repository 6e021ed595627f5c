internal import SQLite
internal import Synchronization

/// Connections for reading that threads borrow one at a time.
final class AnnotationReaders: Sendable {
  /// A connection that is lent to one thread at a time.
  fileprivate struct Lent {
    let connection: Connection
  }

  private let free = Mutex<[Lent]>([])
  private let make: @Sendable () throws -> Connection

  /// No connections yet.
  ///
  /// - Parameter make: makes a connection.
  init(_ make: @escaping @Sendable () throws -> Connection) { self.make = make }

  /// Reads one state of the store.
  ///
  /// - Parameter body: receives a connection.
  /// - Returns: what `body` returns.
  /// - Throws: `SQLiteError`, what `body` throws.
  func read<Result>(_ body: (Connection) throws -> Result) throws -> Result {
    let lent = try free.withLock { $0.popLast() } ?? Lent(connection: make())
    // A connection that failed is not used again.
    let result = try lent.connection.snapshot { try body(lent.connection) }
    free.withLock { $0.append(lent) }
    return result
  }
}

// Taken out of the mutex by one thread and put back when the thread is done.
extension AnnotationReaders.Lent: @unchecked Sendable {}
