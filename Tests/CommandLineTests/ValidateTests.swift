import Foundation
import JSON
import SQLite
import Testing

/// What is wrong with one dataset, and the rule that must say so.
private struct Flaw: Sendable, CustomTestStringConvertible {
  let rule: String
  let files: [String: [String]]
  var testDescription: String { rule }
}

private func record(
  _ id: String, _ prompt: String, models: [String] = ["a", "b", "c"], output: String? = nil,
  verdicts: String? = nil
) -> String {
  let candidates = models.map { #"{"model": "\#($0)", "text": "\#($0) says \#(prompt)"}"# }
  return
    #"{"id": "\#(id)", "instruction": "", "input": "\#(prompt)", "output": "\#(output ?? id)", "#
    + #""candidates": [\#(candidates.joined(separator: ", "))]"#
    + (verdicts.map { ", \"cmp_results\": \($0)" } ?? "") + "}"
}

private let flaws: [Flaw] = [
  Flaw(
    rule: "leakage",
    files: [
      "train.jsonl": [record("t/1", "Name a prime."), record("t/2", "Add.")],
      // Case and spaces do not make another prompt.
      "test.jsonl": [record("t/3", "name  a PRIME.")],
    ]),
  Flaw(
    rule: "conversation-leakage",
    files: [
      "train.jsonl": [record("sharegpt/abc_0", "First.")],
      "dev.jsonl": [record("sharegpt/abc_17", "Second.")],
    ]),
  Flaw(
    rule: "repeated-id", files: ["train.jsonl": [record("x", "One."), record("x", "Two.")]]),
  Flaw(
    rule: "repeated-record",
    files: [
      "train.jsonl": [
        record("x", "One.", output: "same"), record("y", "one.", output: "Same"),
        record("z", "One.", output: "another"),
      ]
    ]),
  Flaw(
    rule: "model-missing",
    files: [
      "train.jsonl": [record("1", "A."), record("2", "B."), record("3", "C.", models: ["a", "c"])]
    ]),
  Flaw(
    rule: "repeated-model", files: ["train.jsonl": [record("1", "A.", models: ["a", "a", "b"])]]),
  Flaw(
    rule: "contradiction-between-orders",
    files: [
      "train.jsonl": [
        record("1", "A.", verdicts: #"{"a,b": "A is better", "b,a": "A is better"}"#)
      ]
    ]),
  Flaw(
    rule: "preference-cycle",
    files: [
      "train.jsonl": [
        record(
          "1", "A.",
          verdicts: #"{"a,b": "A is better", "b,c": "A is better", "a,c": "B is better"}"#)
      ]
    ]),
  Flaw(rule: "empty-prompt", files: ["train.jsonl": [record("1", "")]]),
  Flaw(
    rule: "schema",
    files: [
      "train.jsonl": [
        #"{"id": "1", "instruction": 7, "input": "q", "candidates": [{"model": "a", "text": "x", "scores": {"bleu": "high"}}]}"#
      ]
    ]),
]

@Test(arguments: flaws) private func eachFlawIsNamedAndFails(_ flaw: Flaw) throws {
  let folder = try TemporaryFolder()
  let store = folder.path("a.db")
  var files: [String] = []
  for (name, lines) in flaw.files.sorted(by: { $0.key > $1.key }) {
    files.append(try folder.write(lines.joined(separator: "\n"), to: name))
  }
  for file in files { #expect(CommandRun("import", "--store", store, file).status == 0) }
  for words in [["--store", store], files] {
    let run = CommandRun(["validate"] + words)
    #expect(run.status == 65)
    #expect(run.output.contains("[\(flaw.rule)]"), "\(run.output)")
    let json = try JSONValue(json: CommandRun(["validate", "--json"] + words).output)
    #expect(json["counts"]?.object?.members.map(\.key) == [flaw.rule])
    #expect(json["valid"] == false)
    let findings = (json["errors"]?.array ?? []) + (json["warnings"]?.array ?? [])
    #expect(findings.first?["rule"]?.string == flaw.rule)
    #expect(findings.first?["message"]?.string?.isEmpty == false)
    // What is allowed is still told.
    let allowed = CommandRun(["validate", "--allow", flaw.rule] + words)
    #expect(allowed.status == 0)
    #expect(allowed.output.contains("allowed: "))
  }
}

@Test func aSoundDatasetHasNothingToReport() throws {
  let folder = try TemporaryFolder()
  let verdicts = #"{"a,b": "A is better", "b,a": "B is better", "b,c": "Same good"}"#
  let train = try folder.write(
    [record("1", "A.", verdicts: verdicts), record("2", "B.")].joined(separator: "\n"),
    to: "train.jsonl")
  let test = try folder.write(record("3", "C."), to: "test.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, train, test).status == 0)
  let run = CommandRun("validate", "--store", store, "--similar-prompts", "0.5")
  #expect(run.status == 0)
  #expect(run.output == "")
  #expect(run.errorOutput == "validate: 3 examples, nothing found\n")
  #expect(CommandRun("validate", train, test).status == 0)
}

@Test func similarPromptsOfTwoSplitsAreFoundWhenAskedFor() throws {
  let folder = try TemporaryFolder()
  let text = "Write a short poem about the sea in the style of an old sailor who misses his home"
  let train = try folder.write(
    [record("1", text + " and his dog."), record("2", "Something else altogether, about bread.")]
      .joined(separator: "\n"), to: "train.jsonl")
  let test = try folder.write(record("3", text + " and his cat."), to: "test.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, train, test).status == 0)
  #expect(CommandRun("validate", "--store", store).status == 0)
  let run = CommandRun("validate", "--store", store, "--similar-prompts", "0.7")
  #expect(run.status == 65)
  #expect(run.output.contains("record 3: a prompt of test is like that of record 1 of train"))
}

/// A store that was changed by hand: rows that do not belong together.
@Test(arguments: [
  (
    "foreign-candidate",
    """
    UPDATE verdicts SET candidate_b = (SELECT max(candidate_id) FROM candidates)
    """
  ),
  (
    "dangling-reference",
    """
    PRAGMA foreign_keys = OFF; DELETE FROM candidates WHERE model = 'b'
    """
  ),
  (
    "wrong-request",
    """
    INSERT INTO requests (request_key, purpose, endpoint, model, state, body, text, attempts,
      asked_at, run_id) VALUES (x'00', 'candidate', 'e', 'a', 'answered', '{}', 'other', 1, '', 1);
    UPDATE candidates SET request_id = 1 WHERE model = 'a'
    """
  ),
  (
    "half-ranked",
    """
    INSERT INTO rankings VALUES (1, 'r', '{}', 1);
    INSERT INTO ranks SELECT 1, candidate_id, 0, 1 FROM candidates WHERE model = 'a'
    """
  ),
]) func rowsThatDoNotBelongTogetherAreFound(_ rule: String, _ change: String) throws {
  let folder = try TemporaryFolder()
  let input = try folder.write(
    [record("1", "A.", verdicts: #"{"a,b": "A is better"}"#), record("2", "B.")]
      .joined(separator: "\n"), to: "train.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  #expect(CommandRun("validate", "--store", store).status == 0)
  try Connection(path: store, access: .readWrite).execute(change)
  let run = CommandRun("validate", "--store", store)
  #expect(run.status == 65)
  #expect(run.output.contains("[\(rule)]"), "\(run.output)")
}

@Test func aFileThatIsNoDatasetIsToldLineByLine() throws {
  let folder = try TemporaryFolder()
  let file = try folder.write(
    "{\"id\": \"a\", \"input\": \"q\"}\nnonsense\n{\"id\": 3}\n", to: "test.jsonl")
  let run = CommandRun("validate", file)
  #expect(run.status == 65)
  #expect(run.output.contains("test.jsonl, line 2: not valid JSON"))
  #expect(run.output.contains("test.jsonl, line 3: instruction is missing"))
  #expect(CommandRun("validate").status == 64)
}
