import Foundation
import SQLite
import Testing

/// A folder with a database, removed with this object.
private final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func database() throws -> Connection {
    try Connection(path: url.appending(path: "test.db").path, access: .readWriteCreate)
  }
}

@Test func textGoesInAndOutByByteCount() throws {
  let folder = try TemporaryFolder()
  let database = try folder.database()
  try database.execute("CREATE TABLE t (a TEXT NOT NULL, b BLOB) STRICT")
  let texts = ["", "a\0b", "é", "e\u{301}", "😀", "\r\n", "'\";--"]
  for text in texts {
    try database.run("INSERT INTO t VALUES (?, ?)", .text(text), .blob(Array(text.utf8)))
  }
  var read: [[UInt8]] = []
  try database.query("SELECT a, b FROM t ORDER BY rowid") { row in
    #expect(Array(row.text(0).utf8) == row.bytes(1))
    read.append(row.bytes(1))
  }
  #expect(read == texts.map { Array($0.utf8) })
  #expect(try database.integer("SELECT count(*) FROM t WHERE a = ''") == 1)
}

@Test func aFailedTransactionLeavesNothing() throws {
  struct Stop: Error {}
  let folder = try TemporaryFolder()
  let database = try folder.database()
  try database.execute("CREATE TABLE t (a INTEGER PRIMARY KEY) STRICT")
  func insertAndStop() throws {
    try database.run("INSERT INTO t VALUES (1)")
    throw Stop()
  }
  #expect(throws: Stop.self) { try database.transaction(insertAndStop) }
  #expect(try database.integer("SELECT count(*) FROM t") == 0)
  try database.transaction { try database.run("INSERT INTO t VALUES (2)") }
  #expect(try database.integer("SELECT a FROM t") == 2)
}

@Test func errorsNameTheStatementButNotTheValues() throws {
  let folder = try TemporaryFolder()
  let database = try folder.database()
  try database.execute("CREATE TABLE t (a TEXT UNIQUE) STRICT")
  try database.run("INSERT INTO t VALUES (?)", "secret")
  let error = #expect(throws: SQLiteError.self) {
    try database.run("INSERT INTO t VALUES (?)", "secret")
  }
  #expect(error?.primaryCode == 19)
  #expect(error?.description.contains("INSERT INTO t VALUES (?)") == true)
  #expect(error?.description.contains("secret") == false)
}

@Test func doubleQuotedTextIsAnIdentifier() throws {
  let folder = try TemporaryFolder()
  let database = try folder.database()
  #expect(throws: SQLiteError.self) { try database.integer("SELECT \"nothing\"") }
}

@Test func aMissingFolderAndAForeignFileAreOneLine() throws {
  let missing = #expect(throws: SQLiteError.self) {
    try Connection(path: "/nonexistent-folder/x.db", access: .readWriteCreate)
  }
  #expect(missing?.description.contains("cannot open the file") == true)

  let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try String(repeating: "not a database ", count: 100).write(
    to: file, atomically: true, encoding: .utf8)
  defer { try? FileManager.default.removeItem(at: file) }
  let foreign = #expect(throws: SQLiteError.self) {
    try Connection(path: file.path, access: .readWrite)
  }
  #expect(foreign?.description.hasSuffix("this file is not an SQLite database") == true)
}
