import Foundation
import JSON
import JSONSchemas
import Testing

private func findings(_ schema: String, _ value: String) throws -> [String] {
  try JSONSchema(try JSONValue(json: schema)).findings(in: try JSONValue(json: value))
    .map(\.description)
}

private struct Case: Sendable, CustomTestStringConvertible {
  let schema: String
  let value: String
  let findings: [String]
  var testDescription: String { "\(schema) \(value)" }

  init(_ schema: String, _ value: String, _ findings: String...) {
    self.schema = schema
    self.value = value
    self.findings = findings
  }
}

private let cases: [Case] = [
  Case(#"{"type": "string"}"#, #""x""#),
  Case(#"{"type": "string"}"#, "1", "is a number, expected a string"),
  Case(#"{"type": ["string", "null"]}"#, "null"),
  Case(#"{"type": ["object", "null"]}"#, "[]", "is an array, expected an object or null"),
  Case(#"{"type": "integer"}"#, "3.0"),
  Case(#"{"type": "integer"}"#, "3.5", "is a number, expected a whole number"),
  Case(#"{"enum": ["a", 1]}"#, "1.0"),
  Case(#"{"enum": ["a", 1]}"#, #""b""#, #"is "b", expected one of "a", 1"#),
  Case(#"{"const": 2}"#, "3", "is 3, expected 2"),
  Case(#"{"required": ["a", "b"]}"#, #"{"a": 1}"#, "b is missing"),
  Case(
    #"{"properties": {"a": {"type": "array", "items": {"type": "number"}}}}"#,
    #"{"a": [1, "x", null]}"#, "a[1] is a string, expected a number",
    "a[2] is null, expected a number"),
  Case(
    #"{"properties": {"a": {}}, "additionalProperties": false}"#, #"{"a": 1, "b": 2}"#,
    "b is not expected here"),
  Case(
    #"{"additionalProperties": {"minimum": 1}}"#, #"{"x": 0}"#, "x is 0.0, expected at least 1.0"),
  Case(#"{"maximum": 1, "exclusiveMinimum": 0}"#, "1"),
  Case(#"{"exclusiveMinimum": 0}"#, "0", "is 0.0, expected more than 0.0"),
  Case(#"{"minItems": 2}"#, "[1]", "has 1 elements, expected at least 2"),
  Case(#"{"maxItems": 2}"#, "[1, 2]"),
  Case(#"{"maxItems": 2}"#, "[1, 2, 3]", "has 3 elements, expected at most 2"),
  Case(#"{"minProperties": 1}"#, "{}", "has 0 members, expected at least 1"),
  Case(
    #"{"maxProperties": 1}"#, #"{"a": 1, "b": 2}"#, "has 2 members, expected at most 1"),
  Case(
    #"{"propertyNames": {"pattern": "^[A-Z]$"}}"#, #"{"A": 1, "b": 2}"#,
    #"b is "b", expected text like ^[A-Z]$"#),
  Case(#"{"format": "uuid", "maxLength": 2}"#, #""é1""#),
  Case(#"{"maxLength": 2}"#, #""abc""#, "has 3 characters, expected at most 2"),
  Case(#"{"minLength": 2}"#, #""é""#, "has 1 characters, expected at least 2"),
  Case(#"{"pattern": "^[0-9]+$"}"#, #""12""#),
  Case(#"{"pattern": "^[0-9]+$"}"#, #""1a""#, #"is "1a", expected text like ^[0-9]+$"#),
  Case(#"{"not": {"required": ["a", "b"]}}"#, #"{"a": 1}"#),
  Case(#"{"not": {"required": ["a"]}}"#, #"{"a": 1}"#, "has a form that is excluded"),
  Case(
    #"{"allOf": [{"minimum": 1}, {"maximum": 2}]}"#, "3", "is 3.0, expected at most 2.0"),
  Case(#"{"oneOf": [{"minimum": 1}, {"minimum": 2}]}"#, "3", "fits 2 forms, expected exactly one"),
  Case(
    #"{"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}"#, "{}", "lacks 'a' and 'b'"),
  // The alternative that the value's kind means is the one that is reported on.
  Case(
    #"{"anyOf": [{"type": "null"}, {"type": "object", "required": ["k"]}]}"#, "{}", "k is missing"),
  Case(
    ##"{"$defs": {"n": {"type": "number"}}, "items": {"$ref": "#/$defs/n"}}"##, #"[1, "x"]"#,
    "[1] is a string, expected a number"),
  Case(
    #"{"contentSchema": {"type": "object"}}"#, #""{\"a\": 1}""#),
  Case(
    #"{"contentSchema": {"type": "object"}}"#, #""[]""#, "is an array, expected an object"),
  Case(
    #"{"contentSchema": {"type": "object"}}"#, #""{""#, "is a string that holds no JSON"),
]

@Test(arguments: cases) private func valuesAreChecked(_ example: Case) throws {
  #expect(try findings(example.schema, example.value) == example.findings)
}

@Test(arguments: [
  (#"{"multipleOf": 3}"#, "schema #: the keyword 'multipleOf' is not understood"),
  (#"{"items": {"contains": {}}}"#, "schema #/items: the keyword 'contains' is not understood"),
  (#"{"type": "text"}"#, #"schema #: "text" is no type"#),
  (##"{"properties": {"a": {"$ref": "#/x"}}}"##, "schema #/properties/a: there is no schema '#/x'"),
  (#"{"pattern": "["}"#, "schema #: '[' is no regular expression"),
]) func rulesThatAreNotUnderstoodAreNotLeftOut(_ schema: String, _ message: String) throws {
  let error = try #require(throws: JSONSchemaError.self) {
    try JSONSchema(try JSONValue(json: schema))
  }
  #expect(error.description == message)
}

@Test func findingsAreLimited() throws {
  let schema = try JSONSchema(try JSONValue(json: #"{"items": {"type": "string"}}"#))
  let value = JSONValue.array((0..<100).map { .integer($0) })
  #expect(schema.findings(in: value).count == 20)
  #expect(schema.findings(in: value, limit: 3).count == 3)
}

private let repository = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()

private func value(_ path: String) throws -> JSONValue {
  try JSONParser().value(of: [UInt8](Data(contentsOf: repository.appending(path: path))))
}

@Test(arguments: [
  ("models", ["Data/models.json", "Data/judges.json"]),
  ("recipe", ["Data/recipes/clean.json", "Data/recipes/reference.json"]),
]) func whatIsShippedFitsItsSchema(_ name: String, _ files: [String]) throws {
  let schema = try JSONSchema(try value("Schemas/\(name).schema.json"))
  for file in files { #expect(schema.findings(in: try value(file)) == [], "\(file)") }
}

private let records: [(String, [String])] = [
  (#"{"id": "a", "input": "q", "candidates": []}"#, []),
  (#"{"id": 7, "instruction": "", "input": "q", "output": ["r"], "cmp_results": null}"#, []),
  (#"{"id": "a", "input": "q", "cmp_results": ""}"#, []),
  (#"{"id": "a", "input": "q", "cmp_results": "{\"a,b\": \"Same bad\"}"}"#, []),
  (
    #"{"id": "a", "input": "q", "cmp_results": {"a,b": "A"}}"#,
    [
      #"cmp_results.a,b is "A", expected one of "A is better", "B is better", "Same good", "Same bad""#
    ]
  ),
  (#"{"id": "a"}"#, ["lacks 'instruction' and 'input'"]),
  (
    #"{"id": "a", "input": 3, "candidates": [{"text": true, "scores": {"bleu": "x"}}]}"#,
    [
      "input is a number, expected a string",
      "candidates[0].text is a boolean, expected a string",
      "candidates[0].scores.bleu is a string, expected a number or null",
    ]
  ),
]

@Test func theSchemaOfRecordsTellsGoodFromBad() throws {
  let schema = try JSONSchema(try value("Schemas/mixinstruct.schema.json"))
  for (record, findings) in records {
    #expect(
      schema.findings(in: try JSONValue(json: record)).map(\.description) == findings, "\(record)")
  }
}
