import Foundation
import JSON
import SQLite
import Testing

private let records = [
  #"{"id":"e/1","instruction":"Add.","input":"1 and 2","output":"3","candidates":[{"model":"m-a","text":"3"},{"model":"m-b","text":"4"},{"model":"m-c","text":"drei"}]}"#,
  #"{"id":"e/2","instruction":"","input":"Why?","candidates":[{"model":"m-a","text":"So."},{"model":"m-b","text":"No."},{"model":"m-c","text":"No."}]}"#,
]

private let votes = [
  ("e/1", "m-a", "m-b", "A is better", "person:ann"),
  ("e/1", "m-b", "m-a", "Same bad", "person:ann"),
  ("e/1", "m-a", "m-b", "Same good", "annotator 2"), ("e/1", "m-c", "m-a", "B is better", "Zoë"),
  ("e/2", "m-a", "m-b", "B is better", "Zoë"),
]

private func verdictLines(_ votes: [(String, String, String, String, String)]) -> String {
  votes.map {
    #"{"id":"\#($0)","model_a":"\#($1)","model_b":"\#($2)","verdict":"\#($3)","judge":"\#($4)"}"#
  }.joined(separator: "\n")
}

private func store(in folder: TemporaryFolder, _ name: String = "a.db") throws -> String {
  let input = try folder.write(records.joined(separator: "\n"), to: "in.jsonl")
  let store = folder.path(name)
  #expect(CommandRun("import", "--store", store, input).status == 0)
  return store
}

private func ledger(_ store: String, kind: String = "human") throws -> [String] {
  var rows: [String] = []
  try Connection(path: store, access: .readOnly).query(
    """
    SELECT e.id || ' ' || a.model || '>' || b.model || ' ' || v.verdict || ' ' || j.name
    FROM verdicts v JOIN examples e USING (example_id) JOIN judges j USING (judge_id)
      JOIN candidates a ON a.candidate_id = v.candidate_a
      JOIN candidates b ON b.candidate_id = v.candidate_b
    WHERE j.kind = ? ORDER BY 1
    """, .text(kind)
  ) { rows.append($0.text(0)) }
  return rows
}

@Test(arguments: ["argilla", "label-studio"], ["json", "jsonl.gz"])
func peoplesVotesTravelFromStoreToStore(_ format: String, _ ending: String) throws {
  let folder = try TemporaryFolder()
  let first = try store(in: folder)
  let people = try folder.write(verdictLines(votes), to: "people.jsonl")
  #expect(CommandRun("import", "--store", first, "--kind", "human", people).status == 0)
  let model = try folder.write(
    verdictLines([("e/2", "m-b", "m-a", "A is better", "gpt")]), to: "model.jsonl")
  #expect(CommandRun("import", "--store", first, "--kind", "llm", model).status == 0)
  let tasks = folder.path("tasks.\(ending)")
  let export = CommandRun(
    "export", "--store", first, "--format", format, "--output", tasks, "--json")
  #expect(export.status == 0, "\(export.errorOutput)")
  #expect(try JSONValue(json: export.output)["records"] == 4)
  let second = try store(in: folder, "b.db")
  // The format is told from the records.
  let run = CommandRun("import", "--store", second, "--json", tasks)
  #expect(run.status == 0, "\(run.errorOutput)")
  let summary = try JSONValue(json: run.output)
  #expect(summary["read"] == 5 && summary["kept"] == 5 && summary["dropped"] == nil)
  #expect(try ledger(second) == (try ledger(first)) && (try ledger(second).count) == 5)
  #expect(try ledger(second, kind: "llm").isEmpty, "suggestions are no votes")
  // Read again, nothing is doubled; under a name of its own, people stay apart.
  #expect(CommandRun("import", "--store", second, tasks).status == 0)
  #expect(try ledger(second).count == 5)
  #expect(CommandRun("import", "--store", second, "--judge", "round 2", tasks).status == 0)
  #expect(try ledger(second).count { $0.contains(" round 2/") } == 5)
}

@Test func everyPairCanBecomeATask() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  func tasks(_ options: String...) throws -> (JSONValue, Data) {
    let output = folder.path("tasks.json")
    let run = CommandRun(
      ["export", "--store", store, "--format", "label-studio", "--json", "--output", output]
        + options)
    #expect(run.status == 0, "\(run.errorOutput)")
    return (
      try JSONValue(json: run.output), try Data(contentsOf: URL(filePath: output))
    )
  }
  let judged = try tasks()
  #expect(judged.0["records"] == 0 && judged.0["not carried: unjudged"] == 2)
  let all = try tasks("--tasks", "all")
  #expect(all.0["records"] == 5 && all.0["not carried: identical-texts"] == 1)
  #expect(all.1 == (try tasks("--tasks", "all")).1)
  #expect(all.1 != (try tasks("--tasks", "all", "--seed", "3")).1, "other sides are drawn")
  let list = try folder.write(
    #"{"id":"e/2","model_a":"m-b","model_b":"m-a"}"#, to: "pairs.jsonl")
  let listed = try tasks("--pairs-file", list)
  #expect(listed.0["records"] == 1 && listed.0["examples"] == 1)
  let wrong = try folder.write(#"{"id":"e/2","model_a":"m-b","model_b":"x"}"#, to: "wrong.jsonl")
  let refused = CommandRun(
    "export", "--store", store, "--format", "argilla", "--pairs-file", wrong)
  #expect(refused.status == 65 && refused.errorOutput.contains("no candidate of 'x'"))
}

@Test func candidatesAreFoundByTheirTexts() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let task = """
    [{"id": 1, "data": {"prompt": "Add.\\n1 and 2", "answer1": "drei", "answer2": "3 "},
      "annotations": [{"completed_by": 7, "was_cancelled": false, "result": [{"type": "pairwise",
        "from_name": "pw", "to_name": "pw", "value": {"selected": "right"}}]},
       {"completed_by": 8, "was_cancelled": true, "result": []}]},
     {"id": 2, "data": {"prompt": "why?", "answer1": "So.", "answer2": "No."},
      "annotations": [{"completed_by": 7, "was_cancelled": false, "result": [{"type": "pairwise",
        "from_name": "pw", "to_name": "pw", "value": {"selected": "left"}}]}]},
     {"id": 3, "data": {"prompt": "why?", "answer1": "So.", "answer2": "Else."}, "annotations": []},
     {"id": 4, "data": {"prompt": "why?", "answer1": "So."}, "annotations": [{"result": []}]}]
    """
  let file = try folder.write(task, to: "project.json")
  let run = CommandRun("import", "--store", store, "--json", file)
  #expect(run.status == 0, "\(run.errorOutput)")
  #expect(try ledger(store) == ["e/1 m-c>m-a B is better person:7"])
  let summary = try JSONValue(json: run.output)
  #expect(summary["kept"] == 1 && summary["on a text of several candidates"] == 1)
  #expect(summary["dropped: cancelled-annotation"] == 1 && summary["unanswered"] == 1)
  #expect(summary["dropped: missing-field"] == 1)
  #expect(run.errorOutput.contains("person:8: the task was skipped"), "\(run.errorOutput)")
  #expect(run.errorOutput.contains("'response-1' is missing, expected two answers"))
}

@Test func theQuestionOfArgillasRecordsCanBeNamed() throws {
  let folder = try TemporaryFolder()
  let store = try store(in: folder)
  let file = try folder.write(
    """
    {"id": "r", "status": "completed", "fields": {"prompt": "x", "a-1": "", "response-1": "3", "response-2": "4"}, \
    "metadata": {"example_id": "e/1", "model-1": "m-a", "model-2": "m-b"}, "responses": \
    {"tone": [{"value": "A", "user_id": "u"}], "facts": [{"value": "B", "user_id": "u"}]}}
    """, to: "records.jsonl")
  let unclear = CommandRun("import", "--store", store, file)
  #expect(unclear.errorOutput.contains("name it with --field"), "\(unclear.errorOutput)")
  let run = CommandRun(
    "import", "--store", store, "--format", "argilla", "--field", "facts", "--json", file)
  #expect(try ledger(store) == ["e/1 m-a>m-b B is better person:u"])
  #expect(try JSONValue(json: run.output)["without status, taken as submitted"] == 1)
}

@Test(arguments: [
  (
    ["export", "--format", "argilla", "--by", "rougeL"], "'--by' does not go with tasks for people"
  ),
  (
    ["export", "--format", "trl", "--tasks", "all"],
    "'--tasks' is for '--format argilla|label-studio'"
  ),
  (["export", "--tasks", "all"], "'--tasks' is for preference formats"),
  (
    ["export", "--format", "argilla", "--tasks", "all", "--pairs-file", "x"],
    "'--tasks' and '--pairs-file' exclude each other"
  ),
  (
    ["import", "--format", "label-studio", "--field", "x", "f.json"],
    "'--field' does not go with verdicts of other tools"
  ),
])
func optionsThatDoNothingAreRefused(_ words: [String], _ message: String) throws {
  let folder = try TemporaryFolder()
  let run = CommandRun(words + ["--store", folder.path("a.db")])
  #expect(run.status == 64 && run.errorOutput.contains(message), "\(run.errorOutput)")
}
