internal import CSQLite

/// One connection to a database file; belongs to one thread at a time.
///
/// Connections use write-ahead logging, foreign keys and strict quoting. A connection keeps the
/// statements it prepared and uses them again for the same SQL text.
///
/// Source: https://www.sqlite.org/wal.html
@safe public final class Connection {
  /// What a connection may do.
  public enum Access: Sendable {
    /// Read and write; the file is made when it is missing.
    case readWriteCreate
    /// Read and write a file that exists.
    case readWrite
    /// Only read.
    case readOnly
    /// Only read a file that nobody writes to: nothing beside it is made or looked at.
    case immutable
  }

  /// How sure a commit is.
  public enum Durability: Sendable {
    /// A commit survives the death of the process at once, and a power cut after the next checkpoint.
    case process
    /// A commit survives a power cut at once.
    case powerLoss
  }

  /// The path of the database file.
  public let path: String
  /// What the connection may do.
  public let access: Access
  private let handle: OpaquePointer
  private var statements: [SQLText: Statement] = [:]
  private var depth = 0

  /// The text of a statement as a key. Texts are long and few: their lengths tell most of them apart,
  /// and comparing a literal with itself compares its address.
  private struct SQLText: Hashable {
    let text: String

    func hash(into hasher: inout Hasher) { hasher.combine(text.utf8.count) }
  }

  private static let isConfigured = csqlite_stop_counting_memory() == SQLITE_OK

  /// Opens a database.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - access: what the connection may do.
  ///   - busySeconds: how long to wait for another connection's lock.
  /// - Throws: ``SQLiteError`` when the file cannot be opened or is not a database.
  public init(path: String, access: Access, busySeconds: Double = 30) throws(SQLiteError) {
    self.path = path
    self.access = access
    _ = Self.isConfigured
    let flags =
      switch access {
      case .readWriteCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
      case .readWrite: SQLITE_OPEN_READWRITE
      case .readOnly: SQLITE_OPEN_READONLY
      case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
      }
    let name = access == .immutable ? "file:\(Self.percentEncoded(path))?immutable=1" : path
    var opened: OpaquePointer?
    let code = unsafe sqlite3_open_v2(
      name, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
    guard code == SQLITE_OK, let opened = unsafe opened else {
      let message = unsafe String(cString: sqlite3_errstr(code))
      unsafe sqlite3_close_v2(opened)
      throw SQLiteError(code: code, message: message, path: path, sql: nil)
    }
    unsafe handle = opened
    setBusyTime(seconds: busySeconds)
    let hardened = unsafe csqlite_harden(handle)
    guard hardened == SQLITE_OK else { throw error(hardened, sql: nil) }
    try execute("PRAGMA foreign_keys = ON")
    try execute("PRAGMA temp_store = MEMORY")
    if access != .readOnly, access != .immutable {
      // Rows of a few hundred bytes to some kilobytes: larger pages mean fewer overflow chains. Only
      // a file that is being made takes this.
      if access == .readWriteCreate { try execute("PRAGMA page_size = 8192") }
      try execute("PRAGMA journal_mode = WAL")
      try setDurability(.process)
    }
  }

  deinit {
    statements.removeAll()
    unsafe sqlite3_close_v2(handle)
  }

  private static func percentEncoded(_ path: String) -> String {
    path.utf8.map { byte in
      let isPlain = byte > 0x20 && byte < 0x7F && ![0x23, 0x25, 0x3F].contains(byte)
      return isPlain
        ? String(UnicodeScalar(byte))
        : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }

  /// Chooses how long to wait for another connection's lock.
  ///
  /// - Parameter seconds: the time; another connection's lock is an error after it.
  public func setBusyTime(seconds: Double) {
    unsafe sqlite3_busy_timeout(handle, Int32(seconds * 1000))
  }

  /// Whether a transaction is open.
  public var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

  func error(_ code: Int32, sql: String?) -> SQLiteError {
    let message = unsafe String(cString: sqlite3_errmsg(handle))
    return SQLiteError(code: code, message: message, path: path, sql: sql)
  }

  /// Chooses how sure the commits that follow are.
  ///
  /// - Parameter durability: what a commit must survive.
  /// - Throws: ``SQLiteError``.
  public func setDurability(_ durability: Durability) throws(SQLiteError) {
    switch durability {
    case .process: try execute("PRAGMA synchronous = NORMAL")
    case .powerLoss: try execute("PRAGMA synchronous = FULL")
    }
  }

  /// Runs one or more statements without parameters and ignores their rows.
  ///
  /// - Parameter sql: the statements.
  /// - Throws: ``SQLiteError``.
  public func execute(_ sql: String) throws(SQLiteError) {
    let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, sql: sql) }
  }

  /// The prepared statement for `sql`, reset and without bindings left from its last use.
  ///
  /// - Parameter sql: one statement.
  /// - Returns: the statement, kept by the connection for the next call.
  /// - Throws: ``SQLiteError`` when the statement is wrong.
  public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
    if let statement = statements[SQLText(text: sql)] {
      statement.reset()
      return statement
    }
    let statement = try makeStatement(sql)
    statements[SQLText(text: sql)] = statement
    return statement
  }

  /// A statement of the caller's own, not shared: for cursors that live across other queries.
  ///
  /// - Parameter sql: one statement.
  /// - Returns: the statement.
  /// - Throws: ``SQLiteError`` when the statement is wrong.
  public func makeStatement(_ sql: String) throws(SQLiteError) -> Statement {
    var prepared: OpaquePointer?
    let code = unsafe sqlite3_prepare_v3(
      handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
    guard code == SQLITE_OK, let prepared = unsafe prepared else { throw error(code, sql: sql) }
    return unsafe Statement(handle: prepared, connection: self)
  }

  /// Runs one statement with values for its parameters.
  ///
  /// - Parameters:
  ///   - sql: one statement.
  ///   - values: the values of its parameters, in order.
  /// - Throws: ``SQLiteError``.
  public func run(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) {
    let statement = try bound(sql, values)
    try statement.execute()
  }

  /// Runs a query and calls `body` for each row.
  ///
  /// - Parameters:
  ///   - sql: one statement.
  ///   - values: the values of its parameters, in order.
  ///   - body: receives the statement standing on a row.
  /// - Throws: ``SQLiteError``, or what `body` throws.
  public func query(
    _ sql: String, _ values: SQLiteValue..., row body: (Statement) throws -> Void
  ) throws {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    while try statement.step() { try body(statement) }
  }

  /// Runs a query and returns what `transform` makes of its first row.
  ///
  /// - Parameters:
  ///   - sql: one statement.
  ///   - values: the values of its parameters, in order.
  ///   - transform: receives the statement standing on the first row.
  /// - Returns: the result; `nil` when there is no row.
  /// - Throws: ``SQLiteError``, or what `transform` throws.
  public func first<Result>(
    _ sql: String, _ values: SQLiteValue..., row transform: (Statement) throws -> Result
  ) throws -> Result? {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    return try statement.step() ? transform(statement) : nil
  }

  private func bound(_ sql: String, _ values: [SQLiteValue]) throws(SQLiteError) -> Statement {
    let statement = try prepare(sql)
    for (offset, value) in values.enumerated() {
      try statement.bind(Int32(offset + 1), value: value)
    }
    return statement
  }

  /// The integer in the first column of the first row; `nil` when there is no row or it is NULL.
  ///
  /// - Parameters:
  ///   - sql: one query.
  ///   - values: the values of its parameters, in order.
  /// - Returns: the integer.
  /// - Throws: ``SQLiteError``.
  public func integer(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) -> Int64? {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalInt64(0) : nil
  }

  /// The text in the first column of the first row; `nil` when there is no row or it is NULL.
  ///
  /// - Parameters:
  ///   - sql: one query.
  ///   - values: the values of its parameters, in order.
  /// - Returns: the text.
  /// - Throws: ``SQLiteError``.
  public func text(_ sql: String, _ values: SQLiteValue...) throws(SQLiteError) -> String? {
    let statement = try bound(sql, values)
    defer { statement.reset() }
    return try statement.step() ? statement.optionalText(0) : nil
  }

  /// The number of rows that the last statement inserted, updated or deleted itself.
  public var changedRowCount: Int { unsafe Int(sqlite3_changes64(handle)) }

  /// The row identifier of the last insertion on this connection.
  public var lastInsertedRowID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

  /// Runs `body` in a write transaction; all of it is kept, or nothing when it throws.
  ///
  /// - Parameter body: must not open a transaction itself.
  /// - Returns: what `body` returns.
  /// - Throws: ``SQLiteError``, or what `body` throws.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    precondition(depth == 0, "a transaction inside a transaction on \(path)")
    try execute("BEGIN IMMEDIATE")
    depth = 1
    defer { depth = 0 }
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // Some errors (a full disk) have ended the transaction already.
      if isInTransaction { try? execute("ROLLBACK") }
      throw error
    }
  }

  /// Runs queries of `body` on one state of the database, whatever is written meanwhile; several
  /// small queries take its lock only once.
  ///
  /// - Parameter body: must not open a transaction itself.
  /// - Returns: what `body` returns.
  /// - Throws: ``SQLiteError``, or what `body` throws.
  public func snapshot<Result>(_ body: () throws -> Result) throws -> Result {
    precondition(depth == 0, "a snapshot inside a transaction on \(path)")
    try execute("BEGIN")
    depth = 1
    defer {
      depth = 0
      // Nothing was written, so there is nothing that could fail to be kept.
      try? execute("COMMIT")
    }
    return try body()
  }

  /// Stops the statement that is running on another thread; it fails with `isInterrupted`.
  public func interrupt() { unsafe sqlite3_interrupt(handle) }

  /// Asks SQLite to copy the write-ahead log into the database file and truncate the log.
  ///
  /// - Throws: ``SQLiteError``.
  public func checkpoint() throws(SQLiteError) {
    try execute("PRAGMA wal_checkpoint(TRUNCATE)")
  }
}
