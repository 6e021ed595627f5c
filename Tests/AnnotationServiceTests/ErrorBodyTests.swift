import Annotation
import Foundation
import HTTPServer
import JSON
import JSONSchemas
import Testing

@testable import AnnotationService

/// All that can be refused, with example values.
private let refusals: [ServiceRefusal] =
  [
    .malformedJSON("the text is empty"), .notUTF8, .ambiguousLength, .notSignedIn, .wrongHost,
    .wrongOrigin, .wrongCSRF, .administratorsOnly, .noSuchPage,
    .wrongMethod(allowed: ["POST", "GET", "HEAD"]), .bodyTooLarge(limit: 65_536), .notJSON,
    .wrongField("note", expected: "a text of 0 to 2000 characters"), .tooManyRequests(seconds: 1),
    .tooManyRequests(seconds: 10), .headerTooLarge(limit: 16_384), .internalError, .stopping,
  ]
  + [
    .unknownLink, .revoked, .expired, .administratorsOnly, .unknown(.queue, 7), .unknown(.task, 7),
    .unknown(.assignment, 7), .unknown(.person, 7), .nothingToUndo("There is nothing to undo."),
    .alreadyVoted, .keyReused, .nameTaken("ann"), .leaseLost,
    .invalid(field: "ratings", expected: "a verdict"), .unavailable("The store is busy."),
  ].map { ServiceRefusal.backend($0) }

/// Errors as programs see them; `RECORD_SNAPSHOTS=1` writes the file and fails the test.
@Test func errorsLookAsRecorded() throws {
  let lines = refusals.map { refusal in
    let response = refusal.response
    let fields = response.headers.dropFirst().map { "\($0.name): \($0.value)\n" }.joined()
    return "\(response.status)\n\(fields)\(response.text)\n"
  }
  let text = lines.joined(separator: "\n")
  let file = Description.folder.appending(path: "Fixtures/errors.txt")
  if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
    try Data(text.utf8).write(to: file)
    Issue.record("recorded errors.txt; run again without RECORD_SNAPSHOTS")
  }
  #expect(try String(contentsOf: file, encoding: .utf8) == text)
  // Each is of the form that is described.
  let schema = try Description.schema(["$ref": "#/$defs/Error"])
  for refusal in refusals { #expect(schema.findings(in: refusal.response.json) == []) }
}
