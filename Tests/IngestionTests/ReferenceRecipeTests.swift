import Foundation
import Ingestion
import JSON
import RecordFiles
import Records
import Testing

private let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("Fixtures")

@Test(arguments: ["mix-llama", "mix-unigram"])
func identifiersAreThoseOfTheReferenceRecipe(_ fixture: String) throws {
  let folder = fixtures.appendingPathComponent(fixture)
  let expected = try JSONValue(
    json: String(contentsOf: folder.appendingPathComponent("expected.json"), encoding: .utf8))
  let banned = (expected["ban_words"]?.array ?? []).compactMap(\.string)
  #expect(banned.count == 16)
  let sources: [(file: String, key: String, dialect: Dialect)] = [
    ("gpt4all", "gpt4all", .gpt4All), ("dolly", "dolly", .dolly),
    ("alpaca_gpt4", "itwgpt4", .alpaca), ("sharegpt", "sharegpt", .shareGPT),
  ]
  for source in sources {
    var reader = try SourceReader(.init(source.dialect))
    var detector = DialectDetector()
    var ids: [String] = []
    var unusual = 0
    try RecordFileReader(path: folder.appendingPathComponent("raw/\(source.file).json").path)
      .forEachRecord { element, location in
        if !detector.isSatisfied { detector.observe(element) }
        switch reader.read(element, at: location) {
        case .malformed(let diagnostic): Issue.record("\(diagnostic)")
        case .skipped: break
        case .record(let record):
          let answer = record.output.lowercased()
          if !record.isKnownToReference {
            unusual += 1
          } else if source.key != "sharegpt" || !banned.contains(where: { answer.contains($0) }) {
            ids.append(record.id)
          }
        }
      } broken: {
        Issue.record("\($0)")
      }
    #expect(ids == (expected["prepared"]?[source.key]?.array ?? []).compactMap(\.string))
    #expect(detector.verdict == .dialect(source.dialect))
    #expect((unusual > 0) == (source.key == "sharegpt"))
  }
}
