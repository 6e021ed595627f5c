import Ingestion
import JSON
import Records
import Testing

private func settings(_ mapping: String?) throws -> SourceReader.Settings {
  .init(.plain, source: Source(rawValue: "mine"), mapping: try mapping.map { try FieldMapping($0) })
}

@Test func fieldsAreMapped() throws {
  let record = try read(
    #"{"q":"Why?","a":{"text":"So.","n":1},"k":7,"kind":"x","thread":3,"other":[1]}"#,
    settings("input=q,output=a.text,id=k,category=kind,group=thread")
  ).record
  #expect(
    record
      == SourceRecord(
        source: Source(rawValue: "mine"), id: "mine/7", group: "mine/3", instruction: "",
        input: "Why?", output: "So.", category: "x",
        additionalFields: ["other": [1]]))
}

@Test func pathsReachIntoArraysAndKeysWithDots() throws {
  let row = #"{"m":[{"t":"q"},{"t":"a"}],"x.y":"c","x":{"y":"no"}}"#
  let record = try read(row, settings("instruction=m.0.t,output=m.1.t,input=x.y")).record
  #expect(record?.instruction == "q")
  #expect(record?.output == "a")
  #expect(record?.input == "c")
  #expect(try read(row, settings("input=m.2.t,output=m.1.t")).rule == "missing-field")
  #expect(try read(row, settings("input=m.-1.t,output=m.1.t")).rule == "missing-field")
  #expect(try read(row, settings("input=m.0,output=m.1.t")).rule == "wrong-kind")
}

@Test func withoutAMappingFieldsAreNamedLikeTheParts() throws {
  let record = try read(
    #"{"id":"mine/7","instruction":"I","output":"O","group":"g"}"#, settings(nil)
  ).record
  #expect(record?.id == "mine/7")
  #expect(record?.group == nil)
  #expect(record?.additionalFields == ["group": "g"])
  #expect(
    try read(#"{"output":"O"}"#, settings(nil)).message
      == "x.jsonl, line 7: field “instruction” or “input” is missing; expected a string")
  #expect(
    try read(#"{"input":"I","output":null}"#, settings(nil)).message
      == "x.jsonl, line 7: field “output” is missing; expected a string")
}

@Test func wrongSettingsAreExplained() throws {
  let mappings: [(String, IngestionError)] = [
    ("", .malformedMapping(part: "")),
    ("input", .malformedMapping(part: "input")),
    ("input=,output=a", .malformedMapping(part: "input=")),
    ("question=q,output=a", .unknownTarget("question")),
    ("input=q,input=p,output=a", .repeatedTarget("input")),
    ("input=q", .incompleteMapping(missing: "output")),
    ("output=a", .incompleteMapping(missing: "instruction or input")),
  ]
  for (mapping, error) in mappings {
    #expect(throws: error) { try FieldMapping(mapping) }
  }
  #expect(throws: IngestionError.missingSource(.plain)) { try SourceReader(.init(.plain)) }
  #expect(throws: IngestionError.mappingNotUsed(.dolly)) {
    try SourceReader(.init(.dolly, mapping: FieldMapping("input=q,output=a")))
  }
  #expect(
    IngestionError.unknownTarget("question").description
      == "field mapping: there is no target “question”; targets are id, instruction, input, "
      + "output, category, group")
}
