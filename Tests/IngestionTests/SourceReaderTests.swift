import Ingestion
import JSON
import Records
import Testing

@Test func alpaca() throws {
  var reader = try SourceReader(.init(.alpaca))
  let first = try read(
    #"{"instruction":"Add.","input":"2 and 3","output":"5","text":"all"}"#, with: &reader)
  #expect(
    first
      == .record(
        SourceRecord(
          source: .alpacaGPT4, id: "itwgpt4/0", instruction: "Add.", input: "2 and 3",
          output: "5", license: "CC-BY-NC-4.0", additionalFields: ["text": "all"])))
  let second = try read(#"{"instruction":"Go.","output":""}"#, with: &reader)
  #expect(second.record?.id == "itwgpt4/1")
  #expect(second.record?.input == "")
  #expect(second.record?.output == "")
}

@Test func dollyUnderBothNames() throws {
  var reader = try SourceReader(.init(.dolly))
  let original = try read(
    #"{"instruction":"Who?","context":"Ann did.","response":"Ann.","category":"closed_qa"}"#,
    with: &reader)
  #expect(
    original
      == .record(
        SourceRecord(
          source: .dolly, id: "dolly_15k/closed_qa/0", instruction: "Who?", input: "Ann did.",
          output: "Ann.", category: "closed_qa", license: "CC-BY-SA-3.0")))
  let mirror = try read(
    #"{"category":"open_qa","instruction":"Who?","input":"","output":"Bo."}"#, with: &reader)
  #expect(mirror.record?.id == "dolly_15k/open_qa/0")
  let again = try read(
    #"{"category":"closed_qa","instruction":"Q","input":null,"output":"A"}"#, with: &reader)
  #expect(again.record?.id == "dolly_15k/closed_qa/1")
}

@Test func gpt4AllKeepsItsTwoSources() throws {
  var reader = try SourceReader(.init(.gpt4All))
  func row(_ source: String) -> String {
    #"{"prompt":"P","response":"R","source":\#(source),"extra":1}"#
  }
  #expect(try read(row(#""stackoverflow""#), with: &reader).rule == "other-source")
  #expect(try read(row(#""""#), with: &reader).rule == "other-source")
  #expect(try read(row("null"), with: &reader).rule == "other-source")
  let first = try read(row(#""laion/unified_chip2""#), with: &reader)
  #expect(
    first
      == .record(
        SourceRecord(
          source: .gpt4All, id: "laion/unified_chip2/0", instruction: "", input: "P", output: "R",
          license: "Apache-2.0", additionalFields: ["extra": 1])))
  #expect(try read(row(#""unified_chip2""#), with: &reader).record?.id == "unified_chip2/0")
  #expect(
    try read(row(#""laion/unified_chip2""#), with: &reader).record?.id == "laion/unified_chip2/1")
}

@Test func chip2InTheLayoutsOfOIG() throws {
  func row(_ text: String) -> String {
    let value: JSONValue = [
      "text": .string(text), "metadata": ["source": "unified_chip2", "n": 1],
    ]
    return value.json()
  }
  let first = try read(row("<human>: Why?\n\nReally?\n<bot>: So.\n"), .init(.gpt4All)).record
  #expect(first?.id == "unified_chip2/0")
  #expect(first?.input == "Why?\n\nReally?")
  #expect(first?.output == "So.")
  #expect(first?.additionalFields == ["metadata": ["n": 1]])
  let second = try read(row("User: Why?\n\nJoi: So.<|endoftext|>\n"), .init(.gpt4All)).record
  #expect(second?.input == "Why?")
  #expect(second?.output == "So.")
  let long = try read(
    row("<human>: a\n<bot>: b\n<human>: c\n<bot>: d"), .init(.gpt4All)
  ).record
  #expect(long?.output == "b")
  #expect(long?.additionalFields["turns"] == 4)
  #expect(try read(row("Why? So."), .init(.gpt4All)).rule == "wrong-text")
}

@Test func namesAndLicencesCanBeGiven() throws {
  let settings = SourceReader.Settings(
    .alpaca, source: Source(rawValue: "alpaca"), license: "CC0-1.0")
  let record = try read(#"{"instruction":"Q","input":"","output":"A"}"#, settings).record
  #expect(record?.id == "alpaca/0")
  #expect(record?.source.rawValue == "alpaca")
  #expect(record?.license == "CC0-1.0")
}

@Test func numberingGoesOn() throws {
  var reader = try SourceReader(.init(.dolly))
  let row = #"{"category":"open_qa","instruction":"Q","input":"","output":"A"}"#
  for _ in 0..<3 { _ = try read(row, with: &reader) }
  _ = try read(#"{"category":"é","instruction":"Q","input":"","output":"A"}"#, with: &reader)
  let stored = reader.counters.json.json()
  #expect(stored == #"{"dolly_15k/open_qa":3,"dolly_15k/é":1}"#)
  let object = try #require(JSONValue(json: stored).object)
  var next = try SourceReader(.init(.dolly), counters: SourceCounters(json: object))
  #expect(try read(row, with: &next).record?.id == "dolly_15k/open_qa/3")
  #expect(throws: IngestionError.malformedCounters(found: "“a”: -1")) {
    try SourceCounters(json: ["a": -1])
  }
}

@Test func malformedRecordsAreNotNumbered() throws {
  var reader = try SourceReader(.init(.alpaca))
  #expect(try read(#"{"instruction":"Q"}"#, with: &reader).rule == "missing-field")
  #expect(try read(#"{"instruction":"Q","output":"A"}"#, with: &reader).record?.id == "itwgpt4/0")
}

/// A record that cannot be used and the line that says why.
struct FlawCase: Sendable {
  let dialect: Dialect
  let json: String
  let message: String
}

private let flaws: [FlawCase] = [
  .init(
    dialect: .alpaca, json: "[1]",
    message: "x.jsonl, line 7: the record is an array; expected an object"),
  .init(
    dialect: .alpaca, json: #"{"id":"r1","instruction":"Q"}"#,
    message: "x.jsonl, line 7, record r1: field “output” is missing; expected a string"),
  .init(
    dialect: .alpaca, json: #"{"id":12,"instruction":"Q","output":3}"#,
    message: "x.jsonl, line 7, record 12: field “output” is a number; expected a string"),
  .init(
    dialect: .alpaca, json: #"{"instruction":null,"output":"A"}"#,
    message: "x.jsonl, line 7: field “instruction” is null; expected a string"),
  .init(
    dialect: .dolly, json: #"{"instruction":"Q","category":"c"}"#,
    message: "x.jsonl, line 7: field “response” or “output” is missing; expected a string"),
  .init(
    dialect: .gpt4All, json: #"{"prompt":"Q","response":"A"}"#,
    message: "x.jsonl, line 7: field “source” is missing; expected a string"),
  .init(
    dialect: .gpt4All, json: #"{"text":"Q","metadata":3}"#,
    message: "x.jsonl, line 7: field “metadata.source” is missing; expected a string"),
  .init(
    dialect: .shareGPT, json: #"{"id":"a"}"#,
    message: "x.jsonl, line 7, record a: field “conversations” is missing; expected an array of "
      + "turns"),
  .init(
    dialect: .shareGPT, json: #"{"id":"a","conversations":"no"}"#,
    message: "x.jsonl, line 7, record a: field “conversations” is a string; expected an array of "
      + "turns"),
  .init(
    dialect: .shareGPT, json: #"{"id":"a","conversations":[{"from":"human","value":"x"},3]}"#,
    message: "x.jsonl, line 7, record a: conversations[1] is a number; expected an object"),
  .init(
    dialect: .shareGPT,
    json: #"{"id":"a","messages":[{"role":"user","content":"x"},{"content":"x"}]}"#,
    message: "x.jsonl, line 7, record a: messages[1].from is missing; expected a string such as "
      + "human or gpt"),
  .init(
    dialect: .shareGPT,
    json: #"{"id":"a","conversations":[{"from":"human"},{"from":"gpt","value":"x"}]}"#,
    message: "x.jsonl, line 7, record a: conversations[0].value is missing; expected a string"),
  .init(
    dialect: .shareGPT,
    json:
      #"{"id":"a","conversations":[{"from":"human","value":null},{"from":"gpt","value":"x"}]}"#,
    message: "x.jsonl, line 7, record a: conversations[0].value is null; expected a string"),
]

@Test(arguments: flaws) func malformedRecordsAreExplained(_ flaw: FlawCase) throws {
  #expect(try read(flaw.json, .init(flaw.dialect)).message == flaw.message)
}

@Test func additionalFieldsAreBounded() throws {
  var object: JSONObject = ["instruction": "Q", "output": "A"]
  for number in 0..<100 { object["f\(number)"] = .integer(Int64(number)) }
  object["f3"] = .string(String(repeating: "x", count: 100_000))
  let others = try #require(try read(object.json(), .init(.alpaca)).record).additionalFields
  #expect(others.count == 65)
  #expect(others["f2"] == 2)
  #expect(others["f3"] == nil)
  #expect(others["omitted_fields"]?.array?.first == "f3")
  #expect(others["omitted_fields"]?.array?.count == 36)
}
