import Ingestion
import JSON
import Testing

private func detect(_ rows: [String]) throws -> DialectDetector {
  var detector = DialectDetector()
  for row in rows { try JSONParser().parse(row.utf8) { detector.observe($0) } }
  return detector
}

private let dialogue = #"[{"from":"human","value":"x"}]"#

@Test(arguments: [
  (#"{"instruction":"a","input":"","output":"b"}"#, DialectDetector.Verdict.dialect(.alpaca)),
  (#"{"instruction":"a","output":"b","text":"t"}"#, .dialect(.alpaca)),
  (#"{"instruction":"a","context":"","response":"b","category":"x"}"#, .dialect(.dolly)),
  (#"{"instruction":"a","input":"","output":"b","category":"open_qa"}"#, .dialect(.dolly)),
  (#"{"instruction":"a","input":"","output":"b","category":"mine"}"#, .dialect(.alpaca)),
  (#"{"id":"1","instruction":"a","input":"","output":"b"}"#, .dialect(.plain)),
  (#"{"input":"a","output":"b"}"#, .dialect(.plain)),
  (#"{"prompt":"a","response":"b","source":"s"}"#, .dialect(.gpt4All)),
  (#"{"text":"<human>: a","metadata":{"source":"s"}}"#, .dialect(.gpt4All)),
  (#"{"id":"1","conversations":\#(dialogue)}"#, .dialect(.shareGPT)),
  (#"{"messages":[{"role":"user","content":"x"}]}"#, .dialect(.shareGPT)),
  (#"{"id":"1","items":[]}"#, .dialect(.shareGPT)),
  (#"{"id":"1","items":[1,2]}"#, .unknown),
  (#"{"conversations":\#(dialogue),"chosen":{},"rejected":{}}"#, .unknown),
  (#"{"id":"1","instruction":"a","input":"","output":"b","candidates":[]}"#, .mixInstruct),
  ("[1]", .unknown), ("{}", .unknown),
]) func oneRecordIsNamed(_ row: String, _ verdict: DialectDetector.Verdict) throws {
  #expect(try detect([row]).verdict == verdict)
}

@Test func theMostCommonLayoutWins() throws {
  let alpaca = #"{"instruction":"a","input":"","output":"b"}"#
  let detector = try detect([#"{"x":1}"#, alpaca, alpaca, #"{"y":1}"#])
  // Two of each: what came first.
  #expect(detector.verdict == .unknown)
  #expect(detector.fields == ["x", "instruction", "input", "output", "y"])
  #expect(try detect([alpaca, alpaca, #"{"y":1}"#]).verdict == .dialect(.alpaca))
}

@Test func explanationsNameWhatCanBeDone() throws {
  #expect(
    try detect([#"{"q":"a","b":1}"#]).explanation
      == "the records match no known format: they have the fields q, b; name one by --format: "
      + "alpaca, dolly, gpt4all, sharegpt, plain")
  #expect(
    try detect([#"{"id":"1","candidates":[]}"#]).explanation
      == "1 of 1 records have candidates: these are MixInstruct records, to be read by import")
  #expect(DialectDetector().verdict == .unknown)
  #expect(
    DialectDetector().explanation == "there is no readable record to tell the format by")
}
