import Foundation
import JSON
import SQLite
import Testing

private let record =
  #"{"id":"a","instruction":"Say a.","input":"","output":"a","candidates":[{"model":"m","text":"b"}]}"#

private func input(in folder: TemporaryFolder) throws -> String {
  try folder.write(record, to: "in.jsonl")
}

private func link(_ name: String, to target: String, in folder: TemporaryFolder) throws {
  try FileManager.default.createSymbolicLink(
    atPath: folder.path(name), withDestinationPath: target)
}

@Test(arguments: [
  "with space.db", "größe 🦙.db", "a?b=c&mode=memory.db", "100%.db", "a%41#b.db", "'quoted\".db",
  "-dash.db", "no-ending", "new\nline.db",
]) func aStoreMayHaveAnyName(_ name: String) throws {
  let folder = try TemporaryFolder()
  let input = try input(in: folder)
  let store = folder.path(name)
  #expect(CommandRun("import", "--store", store, input).status == 0)
  #expect(FileManager.default.fileExists(atPath: store))
  let stats = CommandRun("stats", "--store", store, "--json")
  #expect(try JSONValue(json: stats.output)["sources"]?.array?.first?["examples"] == 1)
  #expect(CommandRun("score", "--store", store).status == 0)
}

/// SQLite has meanings of its own for these; a store is a file.
@Suite(.enabled(if: ChildProcess.isBuilt))
struct RelativeStorePathTests {
  @Test(arguments: [":memory:", "file:a.db", "file:a.db?mode=memory", "./a.db", "a.db"])
  func aNameIsAFile(_ name: String) throws {
    let folder = try TemporaryFolder()
    let input = try input(in: folder)
    let launcher = ChildProcess.shell("cd '\(folder.url.path)' && exec \"$@\"")
    let run = try ChildProcess.run(["import", "--store", name, input], launcher: launcher)
    #expect(run.status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.path(name)))
    let stats = try ChildProcess.run(["stats", "--store", name, "--json"], launcher: launcher)
    #expect(try JSONValue(json: stats.output)["sources"]?.array?.first?["examples"] == 1)
  }
}

@Test(arguments: ["import", "stats", "score"])
func aStoreWithoutNameIsRefused(_ verb: String) throws {
  let folder = try TemporaryFolder()
  let words = verb == "import" ? [try input(in: folder)] : []
  let run = CommandRun([verb, "--store", ""] + words)
  #expect(run.status == 66)
  #expect(run.errorOutput.contains("its name is empty"))
}

@Test(arguments: ["import", "stats", "score"]) func aFolderIsNoStore(_ verb: String) throws {
  let folder = try TemporaryFolder()
  let words = verb == "import" ? [try input(in: folder)] : []
  let names = try folder.names
  let run = CommandRun([verb, "--store", folder.url.path] + words)
  #expect(run.status == 66)
  #expect(run.errorOutput == "Error: \(folder.url.path): this is a folder; expected a file\n")
  #expect(try folder.names == names)
}

@Test(arguments: ["import", "stats", "score"]) func aTextFileIsNoStore(_ verb: String) throws {
  let folder = try TemporaryFolder()
  let words = verb == "import" ? [try input(in: folder)] : []
  let text = String(repeating: "no database, but long enough for a header\n", count: 30)
  let store = try folder.write(text, to: "text.db")
  let run = CommandRun([verb, "--store", store] + words)
  #expect(run.status == 65)
  #expect(run.errorOutput == "Error: \(store): this file is not an SQLite database\n")
  #expect(try String(contentsOfFile: store, encoding: .utf8) == text)
}

@Test(arguments: ["import", "stats", "score"])
func aStoreOfANewerVersionIsRefused(_ verb: String) throws {
  let folder = try TemporaryFolder()
  let input = try input(in: folder)
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  try Connection(path: store, access: .readWrite)
    .execute("INSERT INTO schema_migrations VALUES ('m9999_future', 'now')")
  let run = CommandRun([verb, "--store", store] + (verb == "import" ? [input] : []))
  #expect(run.status == 65)
  #expect(
    run.errorOutput
      == "Error: \(store): the store has the newer layout m9999_future: update mixinstruct to open it\n"
  )
}

@Test func twoNamesOfAStoreAreOneStore() throws {
  let folder = try TemporaryFolder()
  let input = try input(in: folder)
  // The name of a link whose file is still to be made.
  try link("link.db", to: "a.db", in: folder)
  #expect(CommandRun("import", "--store", folder.path("link.db"), input).status == 0)
  #expect(try folder.names.filter { $0.hasSuffix(".lock") } == ["a.db.lock"])
  let again = CommandRun("import", "--store", folder.path("a.db"), "--json", input)
  #expect(try JSONValue(json: again.output)["already there"] == 1)
  #expect(try folder.names.filter { $0.hasSuffix(".lock") } == ["a.db.lock"])
}
