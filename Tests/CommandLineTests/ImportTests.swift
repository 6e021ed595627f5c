import Foundation
import JSON
import SQLite
import Testing

private let records = [
  #"{"id":"e/1","instruction":"Add.","input":"1 and 2","output":"3","candidates":[{"model":"m-a","text":"3"},{"model":"m-b","text":"4"}]}"#,
  #"{"id":"e/2","instruction":"Why?","input":"","candidates":[{"model":"m-a","text":"So."},{"model":"m-b","text":"No."}]}"#,
]

private func store(in folder: TemporaryFolder) throws -> String {
  let input = try folder.write(records.joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path("a.db")
  #expect(CommandRun("import", "--store", store, input).status == 0)
  return store
}

private func rows(_ store: String, _ sql: String) throws -> [String] {
  var rows: [String] = []
  try Connection(path: store, access: .readOnly).query(sql) { rows.append($0.text(0)) }
  return rows
}

private let ledger = """
  SELECT e.id || ' ' || a.model || '>' || b.model || ' ' || coalesce(v.verdict, '-') || ' '
    || j.name || ' ' || j.kind
  FROM verdicts v JOIN examples e USING (example_id) JOIN judges j USING (judge_id)
    JOIN candidates a ON a.candidate_id = v.candidate_a
    JOIN candidates b ON b.candidate_id = v.candidate_b ORDER BY verdict_id
  """

@Test func annotationsFindTheirExampleByItsPrompt() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  // Instruction and input are joined otherwise; NaN is what pandas writes; the last text is another.
  let annotations = try folder.write(
    """
    [{"instruction": "Add.\\n\\n1 and 2", "output_1": "3", "generator_1": "m-a", "output_2": "4",
      "generator_2": "m-b", "annotator": "gpt", "preference": 1.1},
     {"instruction": "Why?", "output_1": "So. ", "generator_1": "m-a", "output_2": "No.",
      "generator_2": "m-b", "annotator": "gpt", "preference": NaN},
     {"instruction": "Why?", "output_1": "So.", "generator_1": "m-a", "output_2": "Baseline.",
      "generator_2": "base", "annotator": "gpt", "preference": 2},
     {"instruction": "Why?", "output_1": "Something else.", "generator_1": "m-a",
      "output_2": "No.", "generator_2": "m-b", "annotator": "other", "preference": 2},
     {"instruction": "Nobody asked.", "output_1": "x", "generator_1": "m-a", "output_2": "y",
      "generator_2": "m-b", "annotator": "gpt", "preference": 2}]
    """, to: "annotations.json")
  let run = CommandRun("import", "--store", store, "--json", annotations)
  #expect(run.status == 0, "\(run.errorOutput)")
  let summary = try JSONValue(json: run.output)
  #expect(summary["read"] == 5 && summary["kept"] == 2)
  #expect(summary["without candidate"] == 1 && summary["without example"] == 1)
  #expect(summary["on another text"] == 1 && summary["with NaN"] == 1)
  #expect(
    try rows(store, ledger) == [
      "e/1 m-a>m-b A is better gpt imported", "e/2 m-a>m-b - gpt imported",
    ])
  // The baseline's answers can come from the annotations.
  let added = CommandRun("import", "--store", store, "--add-candidates", "--json", annotations)
  #expect(try JSONValue(json: added.output)["kept"] == 3)
  #expect(
    try rows(store, "SELECT text FROM candidates WHERE model = 'base'") == ["Baseline."])
}

@Test func pandaLMIsImportedByPersonAndModel() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let pairs = try folder.write(
    """
    [{"idx": 0, "cmp_key": "m-a_m-b", "instruction": "Add.", "input": "1 and 2",
      "response1": "3", "response2": "4", "annotator1": 1, "annotator2": 0, "annotator3": 2},
     {"idx": 1, "cmp_key": "m-a_m-b", "instruction": "Why?", "input": NaN, "response1": "So.",
      "response2": "No.", "annotator1": 2, "annotator2": 2, "annotator3": 2}]
    """, to: "testset.json")
  let run = CommandRun("import", "--store", store, "--judge", "panda", "--json", pairs)
  #expect(try JSONValue(json: run.output)["kept"] == 6)
  #expect(
    try rows(store, ledger).prefix(3) == [
      "e/1 m-a>m-b A is better panda/annotator1 human",
      "e/1 m-a>m-b Same good panda/annotator2 human",
      "e/1 m-a>m-b B is better panda/annotator3 human",
    ])
}

@Test func labelsOfAFieldHaveTheirOwnJudgeAndKind() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let labels = try folder.write(
    """
    {"id": "e/1", "labels": "{\\"m-b,m-a\\": \\"B is better\\", \\"m-a,zzz\\": \\"Same bad\\"}"}
    {"id": "e/2", "labels": {"m-a,m-b": "Same bad"}}
    {"id": "e/2"}
    {"id": "nobody", "labels": {"m-a,m-b": "Same bad"}}
    """, to: "labels.jsonl")
  let words = [
    "import", "--store", store, "--format", "comparisons", "--field", "labels", "--kind",
    "derived", "--json", labels,
  ]
  let run = CommandRun(words)
  let summary = try JSONValue(json: run.output)
  #expect(summary["kept"] == 2 && summary["without verdicts"] == 1)
  #expect(summary["without example"] == 1 && summary["dropped: unknown-pair"] == 1)
  #expect(run.errorOutput.contains("labels.jsonl, line 1, record e/1"))
  #expect(
    try rows(store, ledger) == [
      "e/1 m-b>m-a B is better labels derived", "e/2 m-a>m-b Same bad labels derived",
    ])
  // A judge does not change what it is.
  let other = CommandRun(words.map { $0 == "derived" ? "human" : $0 })
  #expect(other.status == 64)
  #expect(other.errorOutput.contains("the judge 'labels' is of kind derived in this store"))
}

@Test func outputsBecomeCandidatesAndExamples() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let outputs = try folder.write(
    """
    [{"instruction": "Why?", "output": "Since.", "generator": "m-c", "dataset": "helpful"},
     {"instruction": "How?", "output": "Thus.", "generator": "m-c", "dataset": "helpful"},
     {"instruction": "How?", "output": "So.", "generator": "m-d", "dataset": "helpful"},
     {"instruction": "Why?", "output": "Other.", "generator": "m-a", "dataset": "helpful"},
     {"instruction": "Why?", "output": 3, "generator": "m-a"}]
    """, to: "outputs.json")
  let words = ["import", "--store", store, "--split", "test", "--json", outputs]
  let summary = try JSONValue(json: CommandRun(words).output)
  #expect(summary["kept"] == 3 && summary["new examples"] == 1)
  #expect(summary["model has another answer"] == 1 && summary["dropped: wrong-kind"] == 1)
  #expect(
    try rows(
      store,
      "SELECT id || ' ' || split || ' ' || source FROM examples WHERE instruction = 'How?'")
      == ["helpful/1 test helpful"])
  // The same file again changes nothing.
  let again = try JSONValue(json: CommandRun(words).output)
  #expect(again["kept"] == 0 && again["already there"] == 3)
  #expect(try rows(store, "SELECT 1 FROM candidates").count == 7)
}

@Test func filesOfTwoFormatsAreRefusedTogether() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let votes = try folder.write(
    #"{"question_id": "e/1", "model_a": "m-a", "model_b": "m-b", "winner": "tie (bothbad)", "judge": ["x", "y"], "turn": 1}"#,
    to: "votes.jsonl")
  let mixed = CommandRun("import", "--store", store, votes, folder.path("in.jsonl"))
  #expect(mixed.status == 64)
  #expect(mixed.errorOutput.contains("different formats"))
  #expect(CommandRun("import", "--store", store, votes).status == 0)
  #expect(try rows(store, ledger) == ["e/1 m-a>m-b Same bad x/y imported"])
  let strict = CommandRun("import", "--store", store, "--strict", votes)
  #expect(strict.status == 64)
}
