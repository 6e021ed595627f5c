import CommandLineParsing
import Foundation
import TerminalOutput
import Testing

@testable import mixinstruct

/// Help screens as people see them; `RECORD_SNAPSHOTS=1` writes the files and fails the test.
@Test(arguments: [
  ["models"], ["models", "pull"], ["models", "list"], ["models", "info"], ["models", "verify"],
  ["models", "rm"], ["generate"], ["rank"], ["compare"], ["fuse"],
  ["label"], ["select"], ["validate"], ["evaluate"], ["import"], ["export"],
  ["annotate"], ["annotate", "serve"], ["annotate", "queue"], ["annotate", "queue", "make"],
  ["annotate", "people"], ["annotate", "items"], ["annotate", "report"], ["annotate", "publish"],
  ["annotate", "audit"],
]) func helpScreensAreAsRecorded(_ path: [String]) throws {
  let screen = HelpScreen(program: Program.definition, width: 80, style: .plain)
  let text = try #require(screen.text(path: path))
  let name = "help-\(path.joined(separator: "-")).txt"
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures/\(name)")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    Issue.record("\(name) was recorded: review the change")
    return
  }
  #expect(text == String(decoding: try Data(contentsOf: file), as: UTF8.self), "\(name) differs")
}
