/// What SQLite refused, with the statement it was asked to run; bound values never appear.
///
/// Source: https://www.sqlite.org/rescode.html
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
  /// The extended result code.
  public let code: Int32
  /// SQLite's own message.
  public let message: String
  /// The database file.
  public let path: String
  /// The statement, when there was one.
  public let sql: String?

  /// The primary result code: the low byte of ``code``.
  public var primaryCode: Int32 { code & 0xFF }

  /// Another connection holds a lock that did not go away in time.
  public var isBusy: Bool { primaryCode == 5 || primaryCode == 6 }
  /// The work was stopped by ``Connection/interrupt()``.
  public var isInterrupted: Bool { primaryCode == 9 }
  /// Reading or writing the file failed: no space, no permission, a broken disk.
  public var isInputOutput: Bool { [8, 10, 13, 14].contains(primaryCode) }

  /// One line: what failed, on which file, and what to do.
  public var description: String {
    switch primaryCode {
    case 5, 6:
      return "\(path): another program holds this database: wait for it to finish, or stop it"
    case 8: return "\(path): cannot write: the file or its folder is read-only"
    case 10:
      return "\(path): reading or writing failed (\(message)): is the disk full or damaged?"
    case 13: return "\(path): the disk is full: free some space and run the command again"
    case 14: return "\(path): cannot open the file: does its folder exist, with permission?"
    case 26: return "\(path): this file is not an SQLite database"
    case 11: return "\(path): the database is damaged (\(message)): restore a copy"
    default:
      let statement = sql.map { " - while executing `\($0)`" } ?? ""
      return "\(path): SQLite error \(code): \(message)\(statement)"
    }
  }
}
