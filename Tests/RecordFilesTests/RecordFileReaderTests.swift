import JSON
import RecordFiles
import Records
import Testing

/// A text and what the reader gives for it, in the form of ``readAll(_:recordLimit:)``.
struct ReadingCase: Sendable, CustomTestStringConvertible {
  let name: String
  let text: String
  let expected: [String]
  var testDescription: String { name }

  init(_ name: String, _ text: String, _ expected: [String]) {
    self.name = name
    self.text = text
    self.expected = expected
  }
}

private let lineCases: [ReadingCase] = [
  .init("plain", "{\"a\":1}\n{\"a\":2}\n", [#"line 1:{"a":1}"#, #"line 2:{"a":2}"#]),
  .init("no final line feed", "{\"a\":1}\n{\"a\":2}", [#"line 1:{"a":1}"#, #"line 2:{"a":2}"#]),
  .init("CRLF", "{\"a\":1}\r\n{\"a\":2}\r\n", [#"line 1:{"a":1}"#, #"line 2:{"a":2}"#]),
  .init(
    "blank lines are counted and skipped", "\n \t\r\n{\"a\":1}\n\n\n{\"a\":2}\n  \n",
    [#"line 3:{"a":1}"#, #"line 6:{"a":2}"#]),
  .init("byte order mark", "\u{FEFF}{\"a\":1}\n", [#"line 1:{"a":1}"#]),
  .init(
    "only line feeds end lines", "{\"a\":\"\u{2028}\u{85}\"}\n{\"a\":2}",
    ["line 1:{\"a\":\"\u{2028}\u{85}\"}", #"line 2:{"a":2}"#]),
  .init("other values", "1\n\"x\"\nnull\n", ["line 1:1", "line 2:\"x\"", "line 3:null"]),
  .init(
    "a broken first line is one broken line", "{\"a\":\n{\"a\":2}\n",
    [#"line 1:{"a":"#, #"line 2:{"a":2}"#]),
  .init(
    "a string open at the end of the first line", "{\"a\": \"x\n\"y\"\n",
    [#"line 1:{"a": "x"#, "line 2:\"y\""]),
  .init("a pretty-printed object", "{\n  \"a\": 1\n}\n", ["!object-spans-lines@line 1"]),
  .init("after blank lines", "\n\n{\"a\": [1,\n\n \"x\"]}", ["!object-spans-lines@line 3"]),
  .init("an empty object over lines", "{\n}\n", ["!object-spans-lines@line 1"]),
  .init("empty", "", ["!file-empty@file"]),
  .init("only white space", " \n\r\n\t", ["!file-empty@file"]),
  .init("only a byte order mark", "\u{FEFF}", ["!file-empty@file"]),
]

private let arrayCases: [ReadingCase] = [
  .init("empty array", "[]", []),
  .init("empty array with white space", " \n[ \n ]\n ", []),
  .init("one line", #"[{"a":1},{"a":2}]"#, [#"element 1:{"a":1}"#, #"element 2:{"a":2}"#]),
  .init(
    "all kinds", #"[1, "a,]\"}", null,-1e5 , [[],[1]],{"a":{"b":["]"]}},true]"#,
    [
      "element 1:1", #"element 2:"a,]\"}""#, "element 3:null", "element 4:-1e5",
      "element 5:[[],[1]]", #"element 6:{"a":{"b":["]"]}}"#, "element 7:true",
    ]),
  .init(
    "escapes at every distance", #"["\\","a\\","ab\"","abc\\\\","abcd\\\"","\"abcdefghij\\"]"#,
    [
      #"element 1:"\\""#, #"element 2:"a\\""#, #"element 3:"ab\"""#, #"element 4:"abc\\\\""#,
      #"element 5:"abcd\\\"""#, #"element 6:"\"abcdefghij\\""#,
    ]),
  .init(
    "pretty-printed", "[\n    {\n        \"a\": [\n            1\n        ]\n    },\n    {}\n]\n",
    ["element 1:{\n        \"a\": [\n            1\n        ]\n    }", "element 2:{}"]),
  .init("byte order mark", "\u{FEFF}[1]", ["element 1:1"]),
  .init(
    "no comma", #"[{"a":1} {"a":2},3]"#,
    [#"element 1:{"a":1}"#, "!missing-comma@element 2", #"element 2:{"a":2}"#, "element 3:3"]),
  .init("comma at the end", "[1,]", ["element 1:1", "!missing-element@element 2"]),
  .init("comma at the start", "[,1]", ["!missing-element@element 1", "element 1:1"]),
  .init("two commas", "[1,,2]", ["element 1:1", "!missing-element@element 2", "element 2:2"]),
  .init(
    "a bracket too many", #"[{"a":1}}, {"a":2}]"#,
    [#"element 1:{"a":1}"#, "!unexpected-byte@element 1", #"element 2:{"a":2}"#]),
  .init("not closed", "[1, 2", ["element 1:1", "!array-not-closed@element 2"]),
  .init("not closed after an element", "[{}", ["element 1:{}", "!array-not-closed@element 1"]),
  .init("not closed after a comma", "[{},\n", ["element 1:{}", "!array-not-closed@element 1"]),
  .init("cut in an object", "[{},{\"a\": [", ["element 1:{}", "!array-not-closed@element 2"]),
  .init("cut in a string", "[{},{\"a\\", ["element 1:{}", "!array-not-closed@element 2"]),
  .init("only a bracket", "[", ["!array-not-closed@file"]),
  .init("text after the array", "[1] x", ["element 1:1", "!garbage-after-array@file"]),
  .init("two arrays", "[1]\n[2]", ["element 1:1", "!garbage-after-array@file"]),
  .init("wrong bracket on one line", #"[{"a":[1}, {}]"#, ["!broken-element@element 1"]),
]

private let recoveryCases: [ReadingCase] = [
  .init(
    "a string that is not closed", "[\n{\"a\":1},\n{\"a\":\"x},\n{\"a\":3}\n]\n",
    [#"element 1:{"a":1}"#, "!broken-element@element 2", #"element 3:{"a":3}"#]),
  .init(
    "the first element is broken", "[\n  {\"a\":\"x},\n  {\"a\":2}\n]\n",
    ["!broken-element@element 1", #"element 2:{"a":2}"#]),
  .init(
    "the last element is broken", "[\n  {\"a\":1},\n  {\"a\":\"x}\n]\n",
    [#"element 1:{"a":1}"#, "!broken-element@element 2"]),
  .init(
    "a wrong bracket", "[\n{\"a\":1},\n{\"a\":[2},\n{\"a\":3}\n]",
    [#"element 1:{"a":1}"#, "!broken-element@element 2", #"element 3:{"a":3}"#]),
  .init(
    "an object that is not closed swallows the rest",
    "[\n{\"a\":1},\n{\"a\":{\"b\":2},\n{\"a\":3},\n{\"a\":4}\n]",
    [
      #"element 1:{"a":1}"#, "!broken-element@element 2", #"element 3:{"a":3}"#,
      #"element 4:{"a":4}"#,
    ]),
  .init(
    "nested lines that look like elements forbid it",
    "[\n{\n\"a\": [\n{\n}\n]\n},\n{\n\"a\": \"x\n},\n{\n}\n]",
    ["element 1:{\n\"a\": [\n{\n}\n]\n}", "!broken-element@element 2"]),
  .init(
    "cut in an element", "[\n{\"a\":1},\n{\"a\":",
    [#"element 1:{"a":1}"#, "!array-not-closed@element 2"]),
  .init(
    "a broken element, then cut", "[\n{\"a\":1},\n{\"a\":\"x},\n{\"a\":",
    [#"element 1:{"a":1}"#, "!broken-element@element 2", "!array-not-closed@element 3"]),
  .init(
    "content of an element is left to the parser", "[\n{\"a\":nul},\n{\"a\":2}\n]",
    [#"element 1:{"a":nul}"#, #"element 2:{"a":2}"#]),
]

@Test(arguments: lineCases + arrayCases + recoveryCases)
func reads(_ item: ReadingCase) throws {
  let folder = try TemporaryFolder()
  #expect(readAll(try folder.write(item.text)) == item.expected)
}

@Test func recordsOverTheLimitAreNamedAndPassed() throws {
  let folder = try TemporaryFolder()
  let large = "{\"a\":\"" + String(repeating: "x", count: 3_000_000) + "\"}"
  let lines = try folder.write("{}\n\(large)\n[]\n", to: "lines")
  #expect(
    readAll(lines, recordLimit: 1000) == [
      "line 1:{}", "!record-too-large@line 2", "line 3:[]",
    ])
  let array = try folder.write("[{},\(large),[]]", to: "array")
  #expect(
    readAll(array, recordLimit: 1000) == [
      "element 1:{}", "!record-too-large@element 2", "element 3:[]",
    ])
  #expect(readAll(array, recordLimit: 4_000_000).count == 3)
}

@Test func recordsOfEverySizeCrossTheBufferUnharmed() throws {
  let folder = try TemporaryFolder()
  // Sizes around the buffer's capacity and the alignment of eight bytes, with escapes and brackets.
  let sizes = (0..<40).map { $0 } + [524_280, 524_288, 524_300, 1_048_570, 1_600_000, 7, 70_000]
  let records = sizes.map { size in
    "{\"t\":\"" + String(repeating: "\\\"]}é", count: size / 6) + "\",\"n\":\(size)}"
  }
  let lines = try folder.write(records.joined(separator: "\n"), to: "lines")
  let array = try folder.write("[" + records.joined(separator: " ,\n ") + "]", to: "array")
  let expected = records.enumerated().map { "\($0.offset + 1):\($0.element)" }
  #expect(readAll(lines, recordLimit: 1 << 22) == expected.map { "line " + $0 })
  #expect(readAll(array, recordLimit: 1 << 22) == expected.map { "element " + $0 })
}

@Test func skipsRecords() throws {
  let folder = try TemporaryFolder()
  let path = try folder.write("[\n{\"a\":1},\n{\"a\":\"x},\n{\"a\":3},\n{\"a\":4}\n]")
  let reader = try RecordFileReader(path: path)
  #expect(try reader.skip(records: 2) == 2)
  #expect(try reader.advance())
  #expect(reader.location == .element(3))
  #expect(try reader.skip(records: 5) == 1)
  #expect(try !reader.advance())
}

@Test func tellsHowMuchIsRead() throws {
  let folder = try TemporaryFolder()
  let path = try folder.write("{}\n{}\n")
  let reader = try RecordFileReader(path: path)
  #expect(reader.totalBytes == 6)
  #expect(reader.layout == .lines)
  #expect(reader.compression == .none)
  while try reader.advance() {}
  #expect(reader.bytesRead == 6)
}

@Test func parsesRecordsAndReportsBrokenOnes() throws {
  let folder = try TemporaryFolder()
  let path = try folder.write("{\"a\":1}\n{\"a\":}\n{\"a\":3}\n")
  var values: [Double] = []
  var findings: [String] = []
  try RecordFileReader(path: path).forEachRecord { root, _ in
    values.append(root["a"]?.number ?? .nan)
  } broken: {
    findings.append("\($0.location.map(String.init(describing:)) ?? "") \($0.rule)")
  }
  #expect(values == [1, 3])
  #expect(findings == ["line 2 malformed-json"])
}

@Test func filesThatCannotBeRead() throws {
  let folder = try TemporaryFolder()
  let missing = folder.file("missing.json")
  #expect(throws: RecordFileError.notFound(file: missing)) { try RecordFileReader(path: missing) }
  #expect(throws: RecordFileError.isDirectory(file: folder.path)) {
    try RecordFileReader(path: folder.path)
  }
  let parquet = try folder.write("PAR1....")
  #expect(throws: RecordFileError.unsupported(file: parquet, format: "an Apache Parquet file")) {
    try RecordFileReader(path: parquet)
  }
}

@Test func messagesSayWhereWhatAndWhatWasExpected() {
  let messages: [(RecordFileError, String)] = [
    (.notFound(file: "a.json"), "a.json: no such file"),
    (
      .arrayNotClosed(file: "a.json", element: 3, inside: true),
      "a.json, element 3: the file ends inside this element; expected its end and the array's "
        + "closing bracket"
    ),
    (
      .truncated(file: "a.gz", compression: .gzip, byte: 12),
      "a.gz: the gzip data ends too early, after 12 bytes; the file is cut off"
    ),
    (
      .garbageAfterArray(file: "a", elements: 2, found: 0x78),
      "a: “x” follows the array of 2 elements; expected the end of the file"
    ),
    (
      .system(operation: "read", file: "a", code: 5), "a: cannot read: Input/output error"
    ),
    (
      .objectSpansLines(file: "a", line: 1),
      "a, line 1: a JSON object spans several lines; expected one record per line (JSON Lines) or "
        + "an array [ … ]"
    ),
  ]
  for (error, message) in messages { #expect(error.description == message) }
}
