import Foundation
import SQLite

/// What a store holds, looked at from outside.
struct StoreContents {
  /// How a question to a model ended.
  struct Fate: Equatable {
    let state: String
    let attempts: Int
  }

  let path: String

  init(_ path: String) { self.path = path }

  /// Whether SQLite finds nothing wrong, and no row names another one that is not there.
  var isSound: Bool {
    get throws {
      let connection = try Connection(path: path, access: .readWrite)
      var dangling = 0
      try connection.query("PRAGMA foreign_key_check") { _ in dangling += 1 }
      return try connection.text("PRAGMA integrity_check") == "ok" && dangling == 0
    }
  }

  /// The number that a query gives.
  func count(_ sql: String) throws -> Int {
    Int(try Connection(path: path, access: .readOnly).integer("SELECT count(*) FROM " + sql) ?? -1)
  }

  /// The rows of a query, each as one text, sorted.
  func rows(_ sql: String) throws -> [String] {
    var rows: [String] = []
    try Connection(path: path, access: .readOnly).query(sql) { row in rows.append(row.text(0)) }
    return rows.sorted()
  }

  /// How the questions of each fault of a ``FaultyModel`` ended.
  ///
  /// The server may see more attempts: libcurl repeats a request when a connection that it used
  /// before is gone.
  func fates() throws -> [String: [Fate]] {
    var fates: [String: [Fate]] = [:]
    try Connection(path: path, access: .readOnly).query(
      "SELECT body, state, attempts FROM requests"
    ) { row in
      let parts = row.text(0).split(separator: "fault:").dropFirst().first?.split(separator: ";")
      fates[String(parts?.first ?? ""), default: []].append(
        Fate(state: row.text(1), attempts: row.int(2)))
    }
    return fates
  }
}
