import Foundation
import Testing

/// Compares a text with `Fixtures/NAME`; `RECORD_SNAPSHOTS=1` writes the file and fails the test.
func expectGolden(
  _ text: String, _ name: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(
    path: "Fixtures/\(name)")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try Data(text.utf8).write(to: file)
    Issue.record("recorded \(name)", sourceLocation: sourceLocation)
    return
  }
  let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
  #expect(
    Array(text.utf8) == Array(expected.utf8), "\(name)\n\(text)", sourceLocation: sourceLocation)
}
