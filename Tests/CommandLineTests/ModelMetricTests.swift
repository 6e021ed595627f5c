import Foundation
import JSON
import Testing

/// Metrics of models in pipes and in a store, with the small models of `Tests/NeuralMetricsTests`.
@Suite struct ModelMetricTests {
  private static func fixture(_ name: String) -> String {
    repository.appending(path: "Tests/NeuralMetricsTests/Fixtures/\(name)")
      .path(percentEncoded: false)
  }

  private static let bertscore = [
    "--bertscore-model", fixture("bertscore-bert/model"), "--bertscore-layer", "3",
  ]
  private static let bleurt = [
    "--bleurt-model", fixture("bleurt/model"), "--bleurt-max-length", "96",
  ]
  private static let bartscore = [
    "--bartscore-model", fixture("bartscore/model"), "--bartscore-max-length", "60",
  ]
  static let models = bertscore + bleurt

  /// Runs the verb on lines and returns what it wrote.
  private func metrics(
    _ lines: [String], _ words: [String]
  ) throws -> (run: CommandRun, output: [JSONValue]) {
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let output = folder.path("out.jsonl")
    let run = CommandRun(["metrics", "--input", input, "--output", output] + words)
    let rows = FileManager.default.fileExists(atPath: output) ? try folder.lines("out.jsonl") : []
    return (run, try rows.map { try JSONValue(json: $0) })
  }

  /// The recorded rows of a case, as lines for the verb, with what was recorded.
  private func recorded(_ name: String) throws -> (lines: [String], expected: [JSONValue]) {
    func rows(_ file: String) throws -> [JSONValue] {
      try Data(contentsOf: URL(filePath: Self.fixture("\(name)/\(file).jsonl")))
        .split(separator: UInt8(ascii: "\n")).map { try JSONParser().value(of: Data($0)) }
    }
    let lines = try rows("pairs").map { row -> String in
      let object: JSONObject = [
        "candidate": row["hyp"] ?? .null, "reference": row["ref"] ?? .null,
      ]
      return object.json()
    }
    return (lines, try rows("expected"))
  }

  @Test func scoresLinesInTheirOrder() throws {
    let (lines, expected) = try recorded("bertscore-bert")
    let words = ["--metrics", "bleu,bertscore,rouge1"] + Self.bertscore
    let (run, output) = try metrics(lines, words)
    #expect(run.status == 0 && run.errorOutput.isEmpty, "\(run.errorOutput)")
    #expect(output.count == expected.count)
    for (row, value) in zip(expected, output) {
      #expect(value.object?.members.map(\.key) == ["bleu", "bertscore", "rouge1"])
      for (recorded, part) in [("P", "precision"), ("R", "recall"), ("F", "f")] {
        let number = try #require(value["bertscore"]?[part]?.number)
        #expect(abs(number - (row["plain"]?[recorded]?.number ?? .nan)) < 1e-4)
      }
    }
  }

  @Test func countsTheReferencesOfAllLinesFirst() throws {
    let (lines, expected) = try recorded("bertscore-bert")
    let numbered = zip(lines, expected).filter { $0.1["id"]?.int != nil }
    let words = ["--metrics", "bertscore", "--bertscore-idf", "--json"] + Self.bertscore
    // A line that is no pair has no reference, and keeps its place.
    let (run, output) = try metrics(["{}"] + numbered.map(\.0), words)
    #expect(run.status == 65)
    #expect(output.first?["error"]?.string?.contains("line 1: ") == true)
    #expect(output.count == numbered.count + 1)
    for (row, value) in zip(numbered.map(\.1), output.dropFirst()) {
      let number = try #require(value["bertscore"]?["f"]?.number)
      #expect(abs(number - (row["idf"]?["F"]?.number ?? .nan)) < 1e-4)
    }
    let summary = try JSONValue(json: run.output)
    #expect(summary["lines"]?.int == numbered.count + 1 && summary["bad"]?.int == 1)
    #expect(
      summary["signatures"]?.array?.first?.string?.contains("|idf:\(numbered.count)-") == true)
    #expect(summary["means"]?["bertscore"]?["f"]?.number ?? 0 > 0.5)
  }

  @Test func namesBadLinesAndDoesTheRest() throws {
    let (lines, expected) = try recorded("bleurt")
    let mixed = [lines[0], "nope", lines[1], #"{"candidate":1,"reference":""}"#, lines[2]]
    let (run, output) = try metrics(mixed, ["--metrics", "bleurt"] + Self.bleurt)
    #expect(run.status == 65)
    #expect(output.map { $0["bleurt"] != nil } == [true, false, true, false, true])
    #expect(run.errorOutput.contains("line 2: ") && run.errorOutput.contains("line 4: "))
    for (place, row) in [(0, 0), (2, 1), (4, 2)] {
      let number = try #require(output[place]["bleurt"]?.number)
      #expect(abs(number - (expected[row]["score"]?.number ?? .nan)) < 2e-4)
    }
    #expect(try metrics([], ["--metrics", "bleurt"] + Self.bleurt).run.status == 0)
  }

  @Test func takesDirectionsWeightsAndPrecisions() throws {
    let (lines, expected) = try recorded("bartscore")
    let words = ["--metrics", "bartscore"] + Self.bartscore
    func numbers(_ more: [String]) throws -> [Double] {
      try metrics(lines, words + more).output.compactMap { $0["bartscore"]?.number }
    }
    let given = try numbers(["--threads", "1"])
    let back = try numbers(["--bartscore-direction", "reference-to-candidate"])
    for (place, row) in expected.enumerated() {
      #expect(abs(given[place] - (row["hyp_to_ref"]?.number ?? .nan)) < 1.5e-3)
      #expect(abs(back[place] - (row["ref_to_hyp"]?.number ?? .nan)) < 1.5e-3)
    }
    let others = try numbers(["--bartscore-weights", Self.fixture("bart.pth")])
    #expect(zip(given, others).allSatisfy { abs($0 - $1) > 0.1 })
    let rough = try numbers(["--precision", "bfloat16"])
    #expect(rough != given && zip(given, rough).allSatisfy { abs($0 - $1) < 0.2 })
  }

  @Test func refusesWhatDoesNotGoTogether() throws {
    let line = [#"{"candidate":"a","reference":"b"}"#]
    func status(_ words: [String]) throws -> Int32 { try metrics(line, words).run.status }
    #expect(try status(["--metrics", "bleurt"]) == 64)
    #expect(try status(["--metrics", "bleu"] + Self.bleurt) == 64)
    #expect(try status(["--metrics", "bleu", "--precision", "int8"]) == 64)
    #expect(try status(["--metrics", "bertscore"] + Self.bertscore.prefix(2)) == 64)
    #expect(try status(["--metrics", "bertscore"] + Self.bertscore.dropLast() + ["9"]) == 64)
    #expect(try status(["--metrics", "bleurt"] + Self.bleurt.dropLast() + ["2"]) == 64)
    let missing = ["--bartscore-weights", "/no/such.pth"]
    #expect(try status(["--metrics", "bartscore"] + Self.bartscore + missing) == 66)
    let baseline = ["--bertscore-baseline", Self.fixture("bertscore-bert/settings.json")]
    #expect(try status(["--metrics", "bertscore"] + Self.bertscore + baseline) == 65)
    let other = ["--metrics", "bleurt", "--bleurt-model", Self.fixture("bartscore/model")]
    #expect(try status(other) == 65)
  }

  @Test func scoresAStoreAsLines() throws {
    let (lines, _) = try recorded("bleurt")
    let folder = try TemporaryFolder()
    let records = try lines.enumerated().map { number, line -> String in
      let pair = try JSONValue(json: line)
      let record: JSONObject = [
        "id": .string("e/\(number)"), "instruction": "Say it.", "input": "",
        "output": pair["reference"] ?? .null,
        "candidates": [["model": "m", "text": pair["candidate"] ?? .null]],
      ]
      return record.json()
    }
    let input = try folder.write(records.joined(separator: "\n"), to: "in.jsonl")
    let store = folder.path("a.db")
    #expect(CommandRun("import", "--store", store, input).status == 0)
    let words = ["--metrics", "bleurt,bertscore,bleu", "--bertscore-idf"] + Self.models
    let run = CommandRun(["score", "--store", store, "--json"] + words)
    #expect(run.status == 0, "\(run.errorOutput)")
    let summary = try JSONValue(json: run.output)
    #expect(summary["scored"]?.int == lines.count)
    let piped = try metrics(lines, words).output
    for metric in ["bleurt", "bertscore"] {
      let rows = try StoreContents(store).rows(
        """
        SELECT printf('%03d %.5f', example_id, value) FROM candidate_scores
        WHERE metric = '\(metric)'
        """)
      let expected = try piped.enumerated().map { number, row in
        let value = try #require(row[metric]?.number ?? row[metric]?["f"]?.number)
        return String(format: "%03d %.5f", number + 1, value)
      }
      #expect(rows == expected)
    }
    let again = CommandRun(["score", "--store", store, "--json"] + words)
    #expect(try JSONValue(json: again.output)["already scored"]?.int == lines.count)
    let report = CommandRun("evaluate", "--store", store)
    #expect(report.output.contains("BERTScore") && report.output.contains("BLEURT"))
    #expect(CommandRun("score", "--store", store, "--metrics", "bertscore").status == 64)
  }
}
