import CommandLineParsing
import Foundation
import Testing

@testable import mixinstruct

@Test func theGrammarHasNoFaults() {
  #expect(Program.definition.faults == [])
}

@Test func theReadmeNamesEveryVerb() throws {
  let readme = try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
  for verb in Program.verbs {
    #expect(readme.contains("`\(verb.definition.name)`"), "\(verb.definition.name)")
  }
}

@Test func theReadmeNamesEveryTable() throws {
  let readme = try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
  let folder = repository.appending(path: "Schemas/migrations")
  let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
  #expect(names.count >= 2)
  let schema = try names.map {
    try String(contentsOf: folder.appending(path: $0), encoding: .utf8)
  }.joined()
  for line in schema.split(separator: "\n") {
    let words = line.split(separator: " ")
    guard words.first == "CREATE", words.count > 2, ["TABLE", "VIEW"].contains(words[1]) else {
      continue
    }
    #expect(readme.contains("`\(words[2])`"), "\(words[2])")
  }
}

@Test(arguments: [
  (["colect"], "Did you mean 'collect'?", 64),
  (["export", "--stor", "a.db"], "Did you mean '--store'?", 64),
  (["stats", "--store", "/nonexistent/a.db"], "no such store", 66),
  (["metrics", "--metrics", "rouge"], "rouge1", 64),
  (["import", "--store", "/nonexistent/a.db", "x.json"], "/nonexistent/a.db.lock", 74),
]) func mistakesAreOneClearLine(_ words: [String], _ message: String, _ status: Int32) {
  var text = ""
  var application = Application()
  application.output = { _ in }
  application.errorOutput = { text += $0 }
  #expect(application.run(words) == status)
  #expect(text.contains(message))
}

@Test func theManualIsReadableOnEveryTerminal() {
  let manual = CommandRun("manual").output
  #expect(manual.contains("FIELD=PATH,..."))
  // Without a locale `man` warns of what it cannot show.
  #expect(manual.unicodeScalars.filter { !$0.isASCII } == [])
}

@Test func versionAndHelpGoToStandardOutput() {
  let version = CommandRun("--version")
  #expect(version.output == "mixinstruct 0.1.0\n")
  for verb in Program.verbs {
    let help = CommandRun("help", verb.definition.name)
    #expect(help.status == 0)
    #expect(help.output.contains("mixinstruct \(verb.definition.name)"))
  }
}
