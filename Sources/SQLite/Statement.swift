internal import CSQLite

/// A prepared statement; belongs to the thread of its connection.
@safe public final class Statement {
  private let handle: OpaquePointer
  private unowned let connection: Connection

  init(handle: OpaquePointer, connection: Connection) {
    unsafe self.handle = handle
    self.connection = connection
  }

  deinit { unsafe sqlite3_finalize(handle) }

  private var sql: String {
    guard let text = unsafe sqlite3_sql(handle) else { return "" }
    return unsafe String(cString: text)
  }

  private func check(_ code: Int32) throws(SQLiteError) {
    guard code == SQLITE_OK else { throw connection.error(code, sql: sql) }
  }

  // MARK: Binding

  /// Binds TEXT to the parameter `index`, counted from 1; NULL for `nil`.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range or memory is short.
  public func bind(_ index: Int32, _ text: String?) throws(SQLiteError) {
    guard var text else { return try bindNull(index) }
    let code = text.withUTF8 { bytes in
      unsafe bytes.withMemoryRebound(to: CChar.self) {
        unsafe csqlite_bind_text(handle, index, $0.baseAddress ?? emptyText, UInt64($0.count))
      }
    }
    try check(code)
  }

  /// Binds INTEGER to the parameter `index`, counted from 1; NULL for `nil`.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range.
  public func bind(_ index: Int32, _ integer: Int64?) throws(SQLiteError) {
    guard let integer else { return try bindNull(index) }
    try check(unsafe sqlite3_bind_int64(handle, index, integer))
  }

  /// Binds INTEGER to the parameter `index`, counted from 1; NULL for `nil`.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range.
  public func bind(_ index: Int32, _ integer: Int?) throws(SQLiteError) {
    try bind(index, integer.map(Int64.init))
  }

  /// Binds REAL to the parameter `index`, counted from 1; NULL for `nil`.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range.
  public func bind(_ index: Int32, _ real: Double?) throws(SQLiteError) {
    guard let real else { return try bindNull(index) }
    try check(unsafe sqlite3_bind_double(handle, index, real))
  }

  /// Binds BLOB to the parameter `index`, counted from 1; NULL for `nil`.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range or memory is short.
  public func bind(_ index: Int32, blob: [UInt8]?) throws(SQLiteError) {
    guard let blob else { return try bindNull(index) }
    let code = unsafe blob.withUnsafeBytes {
      unsafe csqlite_bind_blob(handle, index, $0.baseAddress ?? emptyBytes, UInt64($0.count))
    }
    try check(code)
  }

  /// Binds TEXT given as UTF-8 bytes to the parameter `index`, counted from 1.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range or memory is short.
  public func bind(_ index: Int32, utf8: [UInt8]?) throws(SQLiteError) {
    guard let utf8 else { return try bindNull(index) }
    let code = unsafe utf8.withUnsafeBytes {
      unsafe csqlite_bind_text(
        handle, index, $0.baseAddress?.assumingMemoryBound(to: CChar.self) ?? emptyText,
        UInt64($0.count))
    }
    try check(code)
  }

  /// Binds TEXT to the parameter `index`, counted from 1; NULL for a place of `nil`.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range or memory is short.
  public func bind(
    _ index: Int32, _ place: PackedTexts.Place?, of texts: PackedTexts
  ) throws(SQLiteError) {
    guard let place else { return try bindNull(index) }
    let code = unsafe texts.bytes.withUnsafeBytes { bytes in
      let text = unsafe bytes.baseAddress.map {
        unsafe ($0 + place.start).assumingMemoryBound(to: CChar.self)
      }
      return unsafe csqlite_bind_text(handle, index, text ?? emptyText, UInt64(place.count))
    }
    try check(code)
  }

  /// Binds NULL to the parameter `index`, counted from 1.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range.
  public func bindNull(_ index: Int32) throws(SQLiteError) {
    try check(unsafe sqlite3_bind_null(handle, index))
  }

  /// Binds a value of any kind to the parameter `index`, counted from 1.
  ///
  /// - Throws: ``SQLiteError`` when the index is out of range or memory is short.
  public func bind(_ index: Int32, value: SQLiteValue) throws(SQLiteError) {
    switch value {
    case .null: try bindNull(index)
    case .integer(let value): try bind(index, value)
    case .real(let value): try bind(index, value)
    case .text(let value): try bind(index, value)
    case .blob(let value): try bind(index, blob: value)
    }
  }

  // MARK: Running

  /// Moves to the next row.
  ///
  /// - Returns: whether there is one.
  /// - Throws: ``SQLiteError``; the statement is reset then.
  public func step() throws(SQLiteError) -> Bool {
    switch unsafe sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    case let code:
      let error = connection.error(code, sql: sql)
      unsafe sqlite3_reset(handle)
      throw error
    }
  }

  /// Runs the statement to its end and makes it ready for the next bindings.
  ///
  /// - Throws: ``SQLiteError``.
  public func execute() throws(SQLiteError) {
    while try step() {}
    reset()
  }

  /// Makes the statement ready to run again; bindings stay.
  public func reset() { unsafe sqlite3_reset(handle) }

  // MARK: The current row

  /// Whether the column is NULL; columns are counted from 0.
  public func isNull(_ column: Int32) -> Bool {
    unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
  }

  /// The column as an integer; 0 for NULL.
  public func int64(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

  /// The column as an integer; 0 for NULL.
  public func int(_ column: Int32) -> Int { Int(int64(column)) }

  /// The column as an integer; `nil` for NULL.
  public func optionalInt64(_ column: Int32) -> Int64? { isNull(column) ? nil : int64(column) }

  /// The column as an integer; `nil` for NULL.
  public func optionalInt(_ column: Int32) -> Int? { isNull(column) ? nil : int(column) }

  /// The column as a floating-point number; 0 for NULL.
  public func double(_ column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }

  /// The column as a floating-point number; `nil` for NULL.
  public func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }

  /// The column as text; empty for NULL. Broken UTF-8 is repaired.
  public func text(_ column: Int32) -> String {
    unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// The column as text; `nil` for NULL.
  public func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

  /// The bytes of a TEXT or BLOB column; empty for NULL.
  public func bytes(_ column: Int32) -> [UInt8] { unsafe withBytes(column) { unsafe Array($0) } }

  /// Lends the bytes of a TEXT or BLOB column; empty for NULL.
  ///
  /// - Parameters:
  ///   - column: counted from 0.
  ///   - body: receives the bytes, valid only inside.
  /// - Returns: what `body` returns.
  /// - Throws: what `body` throws.
  @unsafe public func withBytes<Result>(
    _ column: Int32, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
  ) rethrows -> Result {
    // The pointer first, then the length: asking for the pointer may convert the value.
    let start = unsafe sqlite3_column_blob(handle, column)
    let count = unsafe Int(sqlite3_column_bytes(handle, column))
    return try unsafe body(
      UnsafeBufferPointer(start: start?.assumingMemoryBound(to: UInt8.self), count: count))
  }

  /// The column's value, whatever its kind.
  public func value(_ column: Int32) -> SQLiteValue {
    switch unsafe sqlite3_column_type(handle, column) {
    case SQLITE_INTEGER: .integer(int64(column))
    case SQLITE_FLOAT: .real(double(column))
    case SQLITE_TEXT: .text(text(column))
    case SQLITE_BLOB: .blob(bytes(column))
    default: .null
    }
  }
}

// An empty Swift buffer may have no address, which SQLite would take for NULL.
nonisolated(unsafe) private let emptyText = unsafe UnsafePointer<CChar>(
  UnsafeMutablePointer<CChar>.allocate(capacity: 1))
nonisolated(unsafe) private let emptyBytes = unsafe UnsafeRawPointer(emptyText)
