import Ingestion
import JSON
import Records
import Testing

/// Turns and what becomes of them: the record's three texts, or the rule that skips them.
struct ConversationCase: Sendable, CustomTestStringConvertible {
  let turns: [String]
  let expected: [String]
  var testDescription: String { turns.joined(separator: " ") }

  init(_ turns: String, _ expected: [String]) {
    self.turns = turns.split(separator: " ").map(String.init)
    self.expected = expected
  }
}

private let conversations: [ConversationCase] = [
  .init("human gpt", ["", "t0", "t1"]),
  .init("human gpt human gpt", ["", "t0", "t1"]),
  .init("human gpt gpt", ["", "t0", "t1"]),
  .init("gpt human gpt", ["t0", "t1", "t2"]),
  .init("system human gpt human", ["t0", "t1", "t2"]),
  .init("", ["short-conversation"]),
  .init("human", ["short-conversation"]),
  .init("gpt human", ["turn-order"]),
  .init("system human", ["turn-order"]),
  .init("human human gpt", ["turn-order"]),
  .init("system gpt human", ["turn-order"]),
  .init("system system human gpt", ["turn-order"]),
  .init("human tool gpt", ["turn-order"]),
  .init("narrator human gpt", ["turn-order"]),
  .init("user assistant", ["", "t0", "t1", "user", "assistant"]),
  .init("prompter chatgpt", ["", "t0", "t1", "prompter", "chatgpt"]),
  .init("Human GPT", ["", "t0", "t1", "Human", "GPT"]),
  .init("human bard", ["", "t0", "t1", "human", "bard"]),
  .init("bing user model", ["t0", "t1", "t2", "bing", "user", "model"]),
  .init("system human bot", ["t0", "t1", "t2", "system", "human", "bot"]),
  .init("human gpt user", ["", "t0", "t1"]),
]

@Test(arguments: conversations) func conversation(_ item: ConversationCase) throws {
  for (list, role, text) in [
    ("conversations", "from", "value"), ("items", "from", "value"),
    ("messages", "role", "content"), ("conversation", "role", "text"),
  ] {
    let turns = item.turns.enumerated().map { offset, name -> JSONValue in
      .object([role: .string(name), text: .string("t\(offset)")])
    }
    let object: JSONObject = ["id": "QWJ_3", list: .array(turns), "lang": "en"]
    let reading = try read(object.json(), .init(.shareGPT))
    if let record = reading.record {
      let roles = (record.additionalFields["turn_roles"]?.array ?? []).compactMap(\.string)
      #expect([record.instruction, record.input, record.output] + roles == item.expected)
      #expect(record.isKnownToReference == roles.isEmpty)
      #expect(record.additionalFields["turns"] == .integer(Int64(turns.count)))
      #expect(record.additionalFields["lang"] == "en")
      #expect(record.additionalFields[list] == nil)
      #expect(record.license == nil)
    } else {
      #expect(reading.rule.map { [$0] } == item.expected)
    }
  }
}

@Test func aSkippedConversationSaysItsTurns() throws {
  let reading = try read(
    #"{"id":"a","conversations":[{"from":"human","value":"x"},{"from":"human","value":"y"}]}"#,
    .init(.shareGPT))
  #expect(
    reading
      == .skipped(
        rule: "turn-order",
        reason: "the turns begin with “human”, “human”; expected human, gpt or (gpt or system), "
          + "human, gpt"))
}

@Test(arguments: [
  (#""QWJhYvA_0""#, "sharegpt/QWJhYvA_0", "sharegpt/QWJhYvA"),
  (#""QWJhYvA_137""#, "sharegpt/QWJhYvA_137", "sharegpt/QWJhYvA"),
  (#""a_b_2""#, "sharegpt/a_b_2", "sharegpt/a_b"),
  (#""QWJhYvA""#, "sharegpt/QWJhYvA", "sharegpt/QWJhYvA"),
  (#""QWJ_x1""#, "sharegpt/QWJ_x1", "sharegpt/QWJ_x1"),
  (#""QWJ_""#, "sharegpt/QWJ_", "sharegpt/QWJ_"),
  (#""_1""#, "sharegpt/_1", "sharegpt/_1"),
  (#""17""#, "sharegpt/17", "sharegpt/17"),
  ("17", "sharegpt/17", "sharegpt/17"),
  (#""""#, "sharegpt/", "sharegpt/"),
]) func identifierAndGroup(_ own: String, _ id: String, _ group: String) throws {
  let turns = #"[{"from":"human","value":"x"},{"from":"gpt","value":"y"}]"#
  let record = try read(#"{"id":\#(own),"conversations":\#(turns)}"#, .init(.shareGPT)).record
  #expect(record?.id == id)
  #expect(record?.group == group)
}

@Test func conversationsWithoutIdentifiersAreNumbered() throws {
  var reader = try SourceReader(.init(.shareGPT))
  let row = #"{"conversations":[{"from":"human","value":"x"},{"from":"gpt","value":"y"}]}"#
  #expect(try read(row, with: &reader).record?.id == "sharegpt/0")
  let second = try read(row, with: &reader).record
  #expect(second?.id == "sharegpt/1")
  #expect(second?.group == nil)
}

@Test func ofSeveralTextFieldsTheOneThatIsNotNullCounts() throws {
  let row = """
    {"id":"a","conversations":[{"from":"human","value":"x","text":null,"markdown":null},
    {"from":"gpt","value":null,"markdown":"y"}]}
    """
  #expect(try read(row, .init(.shareGPT)).record?.output == "y")
}

@Test func pageTextIsCleanedOnlyWhenAsked() throws {
  let turns = #"[{"from":"human","value":"2 / 3x"},{"from":"gpt","value":"<p>y</p>"}]"#
  let row = #"{"id":"a","conversations":\#(turns)}"#
  #expect(try read(row, .init(.shareGPT)).record?.output == "<p>y</p>")
  let cleaned = try read(row, .init(.shareGPT, cleansHTML: true)).record
  #expect(cleaned?.input == "x")
  #expect(cleaned?.output == "y")
}

/// A turn as it was saved and as it should read.
private let pages: [(String, String)] = [
  ("plain text", "plain text"),
  ("a < b && c > d", "a < b && c > d"),
  ("vector<int> and List<String>, &lt;", "vector<int> and List<String>, &lt;"),
  ("`<div>` and ```\n<p>x</p>\n```", "`<div>` and ```\n<p>x</p>\n```"),
  ("<div class=\"a > b\"><p>One</p><p>Two &amp; three</p></div>", "One\n\nTwo & three"),
  ("one<br>two<br/>three", "one\ntwo\nthree"),
  (
    "<p>List:</p><ol><li>a</li><li><p>b</p></li></ol><ul><li>c</li></ul>",
    "List:\n\n1. a\n2. \n\nb\n\n- c"
  ),
  (
    "<h2>Title</h2><p><strong>x</strong> <em>y</em> <code>z</code></p>", "## Title\n\n**x** *y* `z`"
  ),
  (
    "<p>See:</p><pre><div><span>python</span><button>Copy code</button></div><div>"
      + "<code class=\"x\">if a &lt; b:\n    <span>print</span>(1)\n</code></div></pre><p>Done</p>",
    "See:\n\n```python\nif a < b:\n    print(1)\n```\n\nDone"
  ),
  ("```\nbashCopy codels -l\n```\nx", "```bash\nls -l\n```\nx"),
  ("x\n```\nCopy code\n```\ny ```js\n1\n```", "x\n\ny ```js\n1\n```"),
  ("2 / 2\n\nYes, 3 / 4 of it", "Yes, 3 / 4 of it"),
  ("Text Copy123 chars / 45 words", "Text"),
  ("Copy the file", "Copy the file"),
  ("a\n\n\n\n\nb", "a\n\nb"),
  ("<", "<"), ("<div", "<div"), ("<p>&", "&"), ("", ""), ("```", "```"), ("<p>`", "`"),
]

@Test func pagesBecomeMarkdown() throws {
  for (page, expected) in pages {
    let turns: JSONValue = [
      ["from": "human", "value": "q"], ["from": "gpt", "value": .string(page)],
    ]
    let object: JSONObject = ["id": "a", "conversations": turns]
    let record = try read(object.json(), .init(.shareGPT, cleansHTML: true)).record
    #expect(record?.output == expected, "\(page)")
  }
}
