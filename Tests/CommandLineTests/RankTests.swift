import Foundation
import JSON
import ProcessSignals
import SQLite
import Testing

@testable import mixinstruct

/// The folders of recorded rankers.
private func ranker(_ name: String) -> String {
  repository.appending(path: "Tests/RerankingTests/Fixtures/\(name)").path(percentEncoded: false)
}

private let pairRM = [
  "--ranker", ranker("pairrm-hf/model"), "--source-max-length", "60", "--candidate-max-length",
  "40",
]

/// Where `Tools/prepare minilm` leaves the encoder of the default ranker.
private let minilm = repository.appending(path: ".build/models/all-minilm-l6-v2")
  .path(percentEncoded: false)

private func rows(_ name: String) throws -> [JSONValue] {
  let data = try Data(contentsOf: URL(filePath: ranker(name)))
  return try data.split(separator: UInt8(ascii: "\n")).map { try JSONParser().value(of: Data($0)) }
}

/// The recorded inputs as MixInstruct records.
private func records(_ rows: [JSONValue]) -> [String] {
  rows.map { row in
    let candidates = (row["candidates"]?.array ?? []).enumerated().map { number, text in
      JSONValue.object(["model": .string("model-\(number)"), "text": text])
    }
    return JSONValue.object([
      "id": .string(row["id"]?.json() ?? ""),
      "instruction": row["instruction"] ?? .string(""), "input": row["source"] ?? .string(""),
      "candidates": .array(candidates),
    ]).json()
  }
}

private func doubles(_ value: JSONValue?) -> [Double] {
  (value?.array ?? []).compactMap(\.number)
}

private func isNear(_ got: JSONValue?, _ expected: JSONValue?) -> Bool {
  let (left, right) = (doubles(got), doubles(expected))
  return left.count == right.count && !left.isEmpty
    && zip(left, right).allSatisfy { abs($0 - $1) <= 2e-4 }
}

/// `rank` and `compare` as filters: text in, logits out.
@Suite struct RankFilterTests {
  private func filter(
    _ verb: String, _ lines: [String], _ words: [String]
  ) throws -> (run: CommandRun, output: [JSONValue]) {
    let folder = try TemporaryFolder()
    let input = try folder.write(lines.joined(separator: "\n"), to: "in.jsonl")
    let output = folder.path("out.jsonl")
    let run = CommandRun([verb, "--input", input, "--output", output] + words)
    let rows = FileManager.default.fileExists(atPath: output) ? try folder.lines("out.jsonl") : []
    return (run, try rows.map { try JSONValue(json: $0) })
  }

  @Test func ranksRecordsAsTheReferenceDoes() throws {
    let expected = try rows("pairrm-hf/expected.jsonl")
    let lines = records(try rows("pairrm-hf/cases.jsonl"))
    for (policy, key) in [("max-logits", "max_logits"), ("max-wins", "max_wins")] {
      let (run, output) = try filter("rank", lines, pairRM + ["--aggregate", policy])
      #expect(run.status == 0, "\(run.errorOutput)")
      #expect(output.count == expected.count)
      for (line, row) in zip(output, expected) {
        #expect(line["id"]?.string == row["id"]?.json())
        #expect(isNear(line["scores"], row[key]?["scores"]))
        #expect(line["ranks"] == row[key]?["ranks_from_scores"])
        for (got, wanted) in zip(line["logits"]?.array ?? [], row["matrix"]?.array ?? []) {
          #expect(isNear(got, wanted))
        }
      }
    }
  }

  /// A batch of the published checkpoints is the lines that are read together.
  @Test func batchesOfTheCollatorAreLines() throws {
    let expected = try rows("pairranker/expected.jsonl")
    var row = 0
    for batch in try rows("pairranker/batches.jsonl") {
      let lines = records(batch["records"]?.array ?? [])
      let words = [
        "--ranker", ranker("pairranker/ranker"), "--backbone", ranker("pairranker/backbone"),
      ]
      let (run, output) = try filter("rank", lines, words)
      #expect(run.status == 0, "\(run.errorOutput)")
      for line in output {
        #expect(isNear(line["scores"], expected[row]["max_logits"]?["scores"]))
        row += 1
      }
      let single = try filter("rank", lines, words + ["--batch-size", "1"]).output
      #expect(single.count == output.count)
      #expect(lines.count == 1 || single != output)
    }
    #expect(row == expected.count)
  }

  @Test(arguments: ["simcls", "reward-deberta", "summareranker"])
  func ranksWithOtherRankers(_ name: String) throws {
    var words = ["--ranker", ranker("\(name)/\(name == "summareranker" ? "ranker" : "model")")]
    if name == "summareranker" { words += ["--backbone", ranker("summareranker/backbone")] }
    if let data = try? Data(contentsOf: URL(filePath: ranker("\(name)/settings.json"))) {
      let settings = try JSONParser().value(of: data)
      words += [
        "--source-max-length", settings["source_max_length"]?.json() ?? "",
        "--candidate-max-length", settings["candidate_max_length"]?.json() ?? "",
      ]
    }
    let (run, output) = try filter("rank", records(try rows("\(name)/cases.jsonl")), words)
    #expect(run.status == 0, "\(run.errorOutput)")
    for (line, row) in zip(output, try rows("\(name)/expected.jsonl")) {
      #expect(line.object?.members.map(\.key) == ["id", "scores", "ranks"])
      #expect(isNear(line["scores"], row["scores"]))
      #expect(line["ranks"] == row["ranks"])
    }
  }

  /// The shipped ranker, where its encoder is: longer answers to the point beat none.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: minilm)))
  func ranksWithTheDefault() throws {
    let line =
      #"{"id":"a","instruction":"Name three rivers of Europe.","input":"","candidates":[{"model":"m","text":""},{"model":"n","text":"Three rivers of Europe are the Rhine, the Danube and the Elbe."},{"model":"o","text":"The Rhine."}]}"#
    let words = ["--ranker", "default", "--backbone", minilm]
    let (run, output) = try filter("rank", [line], words)
    #expect(run.status == 0, "\(run.errorOutput)")
    #expect(output[0]["ranks"] == [3, 1, 2])
    let scores = doubles(output[0]["scores"])
    let pair =
      #"{"instruction":"Name three rivers of Europe.","input":"","candidate_a":"The Rhine.","candidate_b":""}"#
    let logit = try filter("compare", [pair], words).output[0]["logit"]?.number ?? .nan
    #expect(abs(logit - (scores[2] - scores[0])) < 1e-5)
  }

  @Test func theDefaultSaysWhatItNeeds() throws {
    let empty = CommandRun("rank", "--ranker", "default", "--backbone", "/nowhere/minilm")
    #expect(empty.status != 0 && empty.errorOutput.split(separator: "\n").count == 1)
    #expect(DefaultRanker.Missing().description.contains("Tools/prepare minilm"))
  }

  @Test func comparesInEitherOrder() throws {
    let cases = try rows("pairrm-hf/cases.jsonl")
    let matrices = try rows("pairrm-hf/expected.jsonl").map { $0["matrix"]?.array ?? [] }
    let lines = cases.map { row in
      JSONValue.object([
        "instruction": .string(""), "input": row["source"] ?? .null,
        "candidate_a": row["candidates"]?.array?[0] ?? .null,
        "candidate_b": row["candidates"]?.array?[1] ?? .null,
      ]).json()
    }
    for (orders, logit) in [
      ("given", { (ab: Double, ba: Double) in ab }), ("exchanged", { -$1 }),
      ("both", { ($0 - $1) / 2 }),
    ] {
      let (run, output) = try filter("compare", lines, pairRM + ["--orders", orders])
      #expect(run.status == 0, "\(run.errorOutput)")
      #expect(output.count == matrices.count)
      for (line, matrix) in zip(output, matrices) {
        let expected = logit(doubles(matrix[0])[1], doubles(matrix[1])[0])
        #expect(abs((line["logit"]?.number ?? .nan) - expected) <= 2e-4, "\(orders)")
      }
    }
  }

  @Test func comparesConversations() throws {
    let lines = try rows("pairrm-hf/conversations.jsonl").map {
      JSONValue.object([
        "conversation_a": $0["a"] ?? .null, "conversation_b": $0["b"] ?? .null,
      ]).json()
    }
    let (run, output) = try filter(
      "compare", lines,
      [
        "--ranker", ranker("pairrm-hf/model"), "--source-max-length", "100",
        "--candidate-max-length", "40",
      ])
    #expect(run.status == 0, "\(run.errorOutput)")
    for (line, row) in zip(output, try rows("pairrm-hf/expected.conversations.jsonl")) {
      let expected = row["logit"]?.number ?? .nan
      #expect(abs((line["logit"]?.number ?? .nan) - expected) <= 2e-4)
    }
  }

  @Test func namesBadLinesAndDoesTheRest() throws {
    let good = records(try rows("pairrm-hf/cases.jsonl"))[0]
    let (run, output) = try filter(
      "rank", [good, "{", #"{"id":"x","instruction":"a","input":""}"#, "[]", good], pairRM)
    #expect(run.status == 65)
    #expect(output.count == 5)
    #expect(output.map { $0["error"] == nil } == [true, false, true, false, true])
    #expect(output[0]["scores"] == output[4]["scores"])
    #expect(output[2]["ranks"] == .array([]))
    let (compared, lines) = try filter(
      "compare",
      [
        #"{"instruction":"a","candidate_a":"b"}"#, #"{"candidate_a":"b","candidate_b":"c"}"#,
        #"{"conversation_a":[],"conversation_b":[]}"#,
        #"{"instruction":"a","input":null,"candidate_a":"b","candidate_b":"b"}"#,
      ], pairRM)
    #expect(compared.status == 65)
    #expect(lines.map { $0["error"] == nil } == [false, false, false, true])
  }

  @Test func otherModes() throws {
    let record = records(try rows("pairrm-hf/cases.jsonl"))[1]
    let full = try filter("rank", [record], pairRM).output[0]
    let count = full["ranks"]?.array?.count ?? 0
    #expect(count == 5)
    for words in [["--mode", "bubble", "--passes", "4"], ["--budget", "100", "--top-k", "5"]] {
      let (run, output) = try filter("rank", [record], pairRM + words)
      #expect(run.status == 0, "\(run.errorOutput)")
      #expect(output[0]["logits"] == nil)
      #expect(output[0]["ranks"]?.array?.count == count)
    }
    let (run, output) = try filter(
      "rank", [record], pairRM + ["--mode", "reference", "--reference-model", "model-2"])
    #expect(run.status == 0)
    #expect(doubles(output[0]["scores"])[2] == 0)
    // The output is compared with, and is no candidate itself.
    let line = record.dropLast() + #","output":"An answer."}"#
    let outputs = try filter(
      "rank", [String(line)], pairRM + ["--mode", "reference", "--reference", "output"])
    #expect(outputs.output[0]["scores"]?.array?.count == count)
    let missing = try filter(
      "rank", [record], pairRM + ["--mode", "reference", "--reference", "output"])
    #expect(missing.run.status == 65)
  }

  @Test(arguments: [
    ["--passes", "2"], ["--reference", "first"], ["--check"], ["--name", "x"],
    ["--mode", "bubble", "--budget", "3"], ["--aggregate", "max-wins", "--top-k", "2"],
    ["--split", "test"], ["--source-max-length", "2"],
  ]) func optionsThatDoNothingAreRefused(_ words: [String]) throws {
    let run = CommandRun(["rank", "--input", "/dev/null"] + words + pairRM.prefix(2))
    #expect(run.status == 64, "\(run.errorOutput)")
  }

  @Test func aRankersWeightsAloneNameTheirBackbone() throws {
    let run = CommandRun("rank", "--ranker", ranker("pairranker/ranker"), "--input", "/dev/null")
    #expect(run.status == 64)
    #expect(run.errorOutput.contains("--backbone"))
  }
}
