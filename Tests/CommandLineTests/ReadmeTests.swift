import CommandLineParsing
import Foundation
import Testing

@testable import mixinstruct

private func readmeText() throws -> String {
  try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
}

@Test(.enabled(if: ShellCommand.isPossible))
func theReadmesTourPrintsWhatItShows() throws {
  let tour = ReadmeTour(markdown: try readmeText())
  #expect(tour.steps.count >= 10)
  let folder = try TemporaryFolder()
  try FileManager.default.createSymbolicLink(
    at: folder.url.appending(path: "Data"), withDestinationURL: repository.appending(path: "Data"))
  // The reader's port may be taken on this machine: the server chooses one, and says it.
  var port = "0"
  var servers: [ShellCommand] = []
  defer { for server in servers { server.stop() } }
  for step in tour.steps {
    #expect(step.command.contains("mixinstruct "), "\(step.description)")
    let command = step.command.replacingOccurrences(of: "8080", with: port)
    let shell = try ShellCommand(
      command, in: folder.url, limit: step.isInBackground ? nil : "60")
    let printed: [String]
    if step.isInBackground {
      servers.append(shell)
      printed = shell.firstLines(step.output.count)
      let address = try #require(printed.joined().firstMatch(of: /127\.0\.0\.1:([0-9]+)/))
      port = String(address.1)
    } else {
      printed = shell.allLines()
    }
    if !ReadmeTour.matches(printed, step.output) {
      Issue.record(
        """
        README.md, \(step.description)
        shows:
        \(step.output.joined(separator: "\n"))
        printed:
        \(printed.joined(separator: "\n"))
        """)
    }
  }
}

@Test func theReadmesOtherCommandsAreTaken() throws {
  let readme = try readmeText()
  var count = 0
  for line in readme.split(separator: "\n") where !line.hasPrefix("$ ") {
    for (index, span) in line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
    where !index.isMultiple(of: 2) && span.hasPrefix("mixinstruct ") {
      count += 1
      let words = span.split(separator: " ").dropFirst().map(String.init)
      // VERB stands for any verb.
      let named = words.map { $0 == "VERB" ? "mix" : $0 }
      #expect(throws: Never.self, "\(span)") { try Program.definition.parse(named) }
    }
  }
  #expect(count > 0)
}

@Test(arguments: [
  (["a", "b"], ["a", "b"], true),
  (["a", "x", "y", "b"], ["a", "…", "b"], true),
  (["a", "b"], ["a", "…", "b"], true),
  (["a", "b"], ["a"], false),
  (["a"], ["a", "b"], false),
  (["a", "x"], ["a", "…"], true),
  (["http://127.0.0.1:5 serves 3"], ["http://127.0.0.1:8080 serves 3"], true),
  (["http://127.0.0.1:5 serves 3"], ["http://127.0.0.1:5 serves 4"], false),
  (["took 1.25 s"], ["took 3 s"], true),
  (["1 read"], ["2 read"], false),
]) func aTourIsComparedLineByLine(_ printed: [String], _ shown: [String], _ isEqual: Bool) {
  #expect(ReadmeTour.matches(printed, shown) == isEqual)
}

@Test func aTourIsReadFromConsoleBlocksOnly() {
  let tour = ReadmeTour(
    markdown: """
      ```
      $ not this
      ```
      ```console
      $ first x
      one

      $ second &
      two
      …
      ```
      $ nor this
      """)
  #expect(tour.steps.map(\.command) == ["first x", "second"])
  #expect(tour.steps.map(\.output) == [["one"], ["two", "…"]])
  #expect(tour.steps.map(\.isInBackground) == [false, true])
  #expect(tour.steps.map(\.line) == [5, 8])
}
