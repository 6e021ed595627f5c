internal import Glibc
package import SQLite
internal import Schemas

/// The one SQLite file that holds a dataset and everything done to it.
///
/// A store that is open for writing holds a lock, so that two writers never mix; readers need none.
/// Tables are described in `Schemas/migrations` and in README.md.
public final class Store {
  /// How a store is opened.
  public enum Access: Sendable {
    /// Read only; the file must exist.
    case read
    /// Read and write; the file must exist.
    case write
    /// Read and write; the file is made when it is missing.
    case create
  }

  /// How to wait for another process that is writing.
  public struct Waiting {
    /// How long to wait, in seconds.
    public var seconds: Int
    /// Called once with the holder when there is something to wait for.
    public var onWait: (String) -> Void
    /// Asked while waiting; `true` gives up.
    public var isCancelled: () -> Bool

    /// Waits `seconds`, an hour unless said.
    public init(
      seconds: Int = 3600, onWait: @escaping (String) -> Void = { _ in },
      isCancelled: @escaping () -> Bool = { false }
    ) {
      self.seconds = seconds
      self.onWait = onWait
      self.isCancelled = isCancelled
    }
  }

  // "MIXI", so that file(1) and we ourselves know the database.
  private static let applicationID: Int64 = 0x4D49_5849

  /// The path of the file.
  public let path: String
  /// The file as SQLite is told it.
  private let location: String
  package let connection: Connection
  private let lock: StoreLock?
  package var nextPosition: Int64?
  package var judgeIDs: [String: Int64] = [:]

  /// Opens a store and brings its tables up to date.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - access: what is going to be done.
  ///   - verb: the command, which other processes that want to write are told.
  ///   - waiting: how to wait for another writer.
  /// - Throws: ``StoreError``, or `SQLiteError` when the file cannot be read or written.
  public init(
    path: String, access: Access, verb: String = "", waiting: Waiting = Waiting()
  ) throws {
    self.path = path
    location = try Self.location(of: path, mayBeMissing: access == .create)
    if access == .read {
      lock = nil
      connection = try Self.connection(to: location, access, waiting)
      try checkApplication()
      return
    }
    lock = try StoreLock(
      path: location + ".lock", storePath: path,
      holder: Self.holder(verb: verb), waitSeconds: waiting.seconds,
      onWait: waiting.onWait, isCancelled: waiting.isCancelled)
    connection = try Self.connection(to: location, access, waiting)
    // Tens of megabytes of page cache make bulk writes to indexed tables several times faster.
    try connection.execute("PRAGMA cache_size = -65536")
    // Every checkpoint waits for the disk; one for each 64 MB of log is enough.
    try connection.execute("PRAGMA wal_autocheckpoint = 8192")
    try migrate()
    // The lock is ours, so nobody else is at it: a run that says so has died.
    try connection.run("UPDATE runs SET status = 'interrupted' WHERE status = 'running'")
  }

  /// What others are told who find a lock taken.
  static func holder(verb: String) -> String { "process \(getpid()) (mixinstruct \(verb))" }

  /// Where a store is, for readers on other threads.
  package struct Place: Sendable {
    let location: String
    let access: Connection.Access

    /// A connection for reading, of the caller's own.
    ///
    /// - Throws: `SQLiteError`.
    package func makeReader() throws -> Connection {
      try Connection(path: location, access: access)
    }
  }

  /// Where the store is and how it can be read.
  package var place: Place {
    Place(
      location: location, access: connection.access == .immutable ? .immutable : .readOnly)
  }

  /// A second connection of this process, for reading while the first one writes.
  ///
  /// - Returns: a connection of the caller's own. A store that is open for reading gives its only
  ///   one, so that everything is read from the same state of the store.
  /// - Throws: `SQLiteError`.
  package func makeReader() throws -> Connection {
    lock == nil ? connection : try Connection(path: location, access: .readOnly)
  }

  private func checkApplication() throws {
    let application = try connection.integer("PRAGMA application_id")
    guard application == Self.applicationID else { throw StoreError.notAStore(path: path) }
    try checkMigrations()
  }

  private func checkMigrations() throws {
    let known = Set(Migration.all.map(\.name))
    var unknown: String?
    try connection.query("SELECT name FROM schema_migrations ORDER BY name") { row in
      if !known.contains(row.text(0)) { unknown = row.text(0) }
    }
    if let unknown { throw StoreError.newer(path: path, migration: unknown) }
  }

  private func migrate() throws {
    let tables = try connection.integer("SELECT count(*) FROM sqlite_schema") ?? 0
    if tables > 0 { try checkApplication() }
    try connection.transaction {
      try connection.execute("PRAGMA application_id = \(Self.applicationID)")
      try connection.execute(
        """
        CREATE TABLE IF NOT EXISTS schema_migrations (
          name TEXT PRIMARY KEY, applied_at TEXT NOT NULL
        ) STRICT
        """)
      for migration in Migration.all {
        let isApplied = try connection.integer(
          "SELECT 1 FROM schema_migrations WHERE name = ?", .text(migration.name))
        if isApplied != nil { continue }
        try connection.execute(migration.sql)
        try connection.run(
          "INSERT INTO schema_migrations VALUES (?, strftime('%Y-%m-%dT%H:%M:%fZ', 'now'))",
          .text(migration.name))
      }
    }
  }
}
