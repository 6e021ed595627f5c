import JSON
import Testing

/// Texts that must read and write back as they are, in compact form.
private let texts: [String] = [
  "null", "true", "[]", "{}", "-1", "18446744073709551615", "1.5", "1.0", "1e-07",
  #"{"a":1,"b":[true,null,"x"],"c":{"d":"é\u0000\u001f\"\\"}}"#,
  #""\ud83d\ude00""#,
]

@Test(arguments: texts) func readsBackWhatItWrote(_ text: String) throws {
  let value = try JSONValue(json: text)
  #expect(try JSONValue(json: value.json()) == value)
  #expect(try JSONValue(json: value.json(style: .python)) == value)
  #expect(try JSONValue(json: value.json(style: .indented(4))) == value)
}

@Test func writesPythonsBytes() throws {
  let value = try JSONValue(json: #"{"a": [1, 2.5], "é": "😀\n\u007f", "e": {}, "l": []}"#)
  #expect(
    value.json(style: .python)
      == #"{"a": [1, 2.5], "\u00e9": "\ud83d\ude00\n\#u{7f}", "e": {}, "l": []}"#)
  #expect(
    value.json(style: .indented(2))
      == "{\n  \"a\": [\n    1,\n    2.5\n  ],\n  \"é\": \"😀\\n\u{7f}\",\n  \"e\": {},\n  \"l\": []\n}"
  )
}

@Test func keysAreComparedByScalars() throws {
  let value = try JSONValue(json: "{\"\u{e9}\": 1, \"e\u{301}\": 2, \"a\": 3, \"a\": 4}")
  #expect(value.object?.count == 3)
  #expect(value["\u{e9}"] == 1)
  #expect(value["e\u{301}"] == 2)
  #expect(value["a"] == 4)
}

@Test func largeObjectsKeepTheLastOfEqualKeys() throws {
  let members = (0..<100).map { "\"k\($0)\": \($0)" } + ["\"k3\": -3", "\"k90\": -90"]
  let object = try #require(JSONValue(json: "{" + members.joined(separator: ",") + "}").object)
  #expect(object.count == 100)
  #expect(object["k3"] == -3)
  #expect(object["k90"] == -90)
}

@Test(arguments: ["", "{", "[1,]", "nul", "\"\\ud800\"", "\"\u{1}\"", "NaN", "1e999", "{\"a\" 1}"])
func refusesWhatIsNotJSON(_ text: String) {
  #expect(throws: JSONError.self) { try JSONValue(json: text) }
}

@Test func readsNestedElementsWithoutCopies() throws {
  let parser = JSONParser()
  let sum = try parser.parse(#"{"x": [1, {"y": 2.5}, [3]], "z": "t"}"#.utf8) { root in
    #expect(root["z"]?.isString("t") == true)
    #expect(root["missing"] == nil)
    var sum = 0.0
    root["x"]?.forEachElement { element in
      sum += element.number ?? element["y"]?.number ?? 0
      element.forEachElement { sum += $0.number ?? 0 }
    }
    return sum
  }
  #expect(sum == 6.5)
}
