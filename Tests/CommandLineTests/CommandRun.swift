import Foundation
import ModelEndpoints
import ProcessSignals

@testable import mixinstruct

/// A command line that was run in process, with what it wrote.
struct CommandRun {
  let status: Int32
  let output: String
  let errorOutput: String

  init(_ words: String...) { self.init(words) }

  init(
    _ words: [String], interrupt: InterruptFlag = InterruptFlag(),
    retryPolicy: RetryPolicy = RetryPolicy()
  ) {
    var output = ""
    var errorOutput = ""
    var application = Application()
    application.output = { output += $0 }
    application.errorOutput = { errorOutput += $0 }
    // Tests of the signals raise the flag of the process.
    application.interrupt = interrupt
    application.retryPolicy = retryPolicy
    status = application.run(words)
    self.output = output
    self.errorOutput = errorOutput
  }
}

/// A folder of the test's own, removed with this object.
final class TemporaryFolder {
  let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  /// The names of the files in it.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }

  func write(_ text: String, to name: String) throws -> String {
    try Data(text.utf8).write(to: url.appending(path: name))
    return path(name)
  }

  func lines(_ name: String) throws -> [String] {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
  }
}

/// The root of the repository.
let repository = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
