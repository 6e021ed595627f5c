import JSON
import Records
import Testing

private func reading(_ json: String) throws -> Example.Reading {
  try JSONParser().parse(json.utf8) { try Example.read($0) }
}

/// Records in every shape that is published or built locally, and a few that nobody should write.
private let records: [String] = [
  #"{"id":"a","instruction":"","input":"Q","output":"A","candidates":[]}"#,
  #"{"id":"a","input":"Q"}"#,
  #"{"id":7,"instruction":"Q","input":null,"output":null,"candidates":null}"#,
  #"{"id":"a","instruction":"Q","input":"","output":["x","y"],"candidates":[{"text":"t"}]}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[{"model":"m","text":"t","scores":{"bleu":1,"rouge1":0.5,"x":null},"extra":[1]}],"scores":{"bleu":2}}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[{"model":null,"text":"t","scores":null,"decoding_method":3}],"more":{"deep":true}}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[],"cmp_results":null}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[],"cmp_results":""}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[],"cmp_results":"null"}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[],"cmp_results":"{}"}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[],"cmp_results":{}}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[],"cmp_results":[1]}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[{"model":"m","text":""},{"model":"n","text":""}],"cmp_results":{"m,n":"A is better","n,m":"Same bad"}}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[{"model":"m","text":""},{"model":"n","text":""}],"cmp_results":"{\"m,n\": \"A is better\", \"n,m\": \"B is better\"}"}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[{"model":"m","text":""},{"model":"n","text":""}],"cmp_results":"{\"m,n\":\"A is better\"}"}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[{"model":"é","text":""},{"model":"n","text":""}],"cmp_results":"{\"\\u00e9,n\": \"Same good\"}"}"#,
  #"{"id":"a","instruction":"Q","input":"","candidates":[{"model":"m","text":""}],"cmp_results":{"m,z":"A is better","m,m":"Same good","m":"x"}}"#,
]

@Test(arguments: records) func aRecordReadAndWrittenIsEqual(_ json: String) throws {
  let reading = try reading(json)
  #expect(try JSONValue.object(reading.example.json()) == JSONValue(json: json))
}

@Test func verdictsAreReadFromObjectAndString() throws {
  let object = try reading(records[12]).example
  #expect(object.comparisonForm == .object)
  #expect(
    object.verdicts == [
      PairVerdict(modelA: "m", modelB: "n", verdict: .aIsBetter),
      PairVerdict(modelA: "n", modelB: "m", verdict: .sameBad),
    ])
  let string = try reading(records[13]).example
  #expect(string.comparisonForm == .string)
  #expect(string.verdicts.count == 2)
  #expect(string.additionalFields.isEmpty)
  #expect(
    object.json(comparisonForm: .string)["cmp_results"]
      == #"{"m,n": "A is better", "n,m": "Same bad"}"#)
  #expect(
    string.json(comparisonForm: .object)["cmp_results"]
      == ["m,n": "A is better", "n,m": "B is better"])
}

@Test func modelNamesMayHoldCommas() throws {
  let reading = try reading(
    #"{"id":"a","input":"Q","candidates":[{"model":"x,y","text":""},{"model":"z","text":""},{"model":"x","text":""},{"model":"y,z","text":""}],"cmp_results":{"z,x,y":"A is better","x,y,z":"B is better"}}"#
  )
  #expect(
    reading.example.verdicts == [PairVerdict(modelA: "z", modelB: "x,y", verdict: .aIsBetter)])
  #expect(reading.findings == [.ambiguousPair("x,y,z")])
}

@Test func whatIsNotUnderstoodIsReportedAndKept() throws {
  let reading = try reading(
    #"{"id":"a","input":"Q","candidates":[{"model":"m","text":""},{"model":"n","text":""}],"cmp_results":{"m,n":"A is best","n,q":"Same good","n,m":"Same good"}}"#
  )
  #expect(
    reading.findings == [
      .unknownVerdict(pair: "m,n", found: #""A is best""#), .unknownPair("n,q"),
    ])
  #expect(reading.example.verdicts.count == 1)
}

@Test(arguments: [
  ("[]", "the record is an array, expected an object"),
  (#"{"input":"Q"}"#, "id is missing, expected a string"),
  (#"{"id":"a"}"#, "instruction is missing, expected a string, here or in 'input'"),
  (
    #"{"id":"a","input":"Q","candidates":[{"text":"t"},{"model":"m"}]}"#,
    "candidates[1].text is missing, expected a string"
  ),
  (
    #"{"id":"a","input":"Q","candidates":[{"text":1}]}"#,
    "candidates[0].text is a number, expected a string"
  ),
]) func malformedRecordsSayWhy(_ json: String, _ message: String) {
  let error = #expect(throws: RecordError.self) { try reading(json) }
  #expect(error?.description == message)
}
