import JSON
import Judging
import Testing

private let body = """
  --- user
  {instruction} {input}
  == {delimiter}
  {candidate_a}
  == {delimiter}
  {candidate_b}
  """

private func file(_ header: String, _ body: String = body) -> String {
  "name: p\nparser: four-choice\nmax tokens: 4\n\(header)\n\(body)\n"
}

@Test(arguments: JudgePrompt.builtinNames) func builtinPromptsRead(_ name: String) throws {
  let prompt = try #require(try JudgePrompt.builtin(name))
  #expect(prompt.name == name)
  #expect(prompt.parser.rawValue == name)
  #expect(prompt.isDelimited)
  #expect(prompt.temperature == 0)
}

@Test func noOtherBuiltin() throws {
  #expect(try JudgePrompt.builtin("x") == nil)
}

@Test func headerValuesAreRead() throws {
  let prompt = try JudgePrompt(
    text: file("# comment\ntemperature: 0.5\ntop p: 0.9\nresponse format: verdict\n"), file: "f")
  #expect(prompt.temperature == 0.5)
  #expect(prompt.topP == 0.9)
  #expect(prompt.responseFormat == .verdict)
  #expect(prompt.maxTokens == 4)
}

private let mistakes: [(String, String)] = [
  (
    file("", body + "\n{candidate_aa}"),
    "f, line 11: unknown placeholder {candidate_aa}, did you mean \"candidate_a\"?; for the text itself write {{candidate_aa}}"
  ),
  (file("temprature: 1"), "f, line 4: unknown key \"temprature\", did you mean \"temperature\"?"),
  (
    file("temperature: hot"), "f, line 4: \"temperature\" is \"hot\", expected a number from 0 to 2"
  ),
  (
    file("temperature: nan"), "f, line 4: \"temperature\" is \"nan\", expected a number from 0 to 2"
  ),
  (file("name: q"), "f, line 4: \"name\" was given on line 1 already"),
  (file("words"), "f, line 4: \"words\" is not a header line: expected \"key: value\""),
  (file("top p:"), "f, line 4: \"top p\" has no value"),
  (
    "name: p\nparser: guess\nmax tokens: 4\n" + body,
    "f, line 2: \"parser\" is \"guess\", expected one of four-choice, structured-json, mt-bench, score-pair"
  ),
  ("name: p\n" + body, "f, line 1: the header lacks \"parser:\", \"max tokens:\""),
  (
    "name: p\nparser: mt-bench\nmax tokens: 4\n",
    "f, line 4: no user message: expected a line \"--- user\" and text after it"
  ),
  (
    file("", "--- user\n{instruction}{input}{candidate_a}"),
    "f, line 7: no message shows {candidate_b}"
  ),
  (
    file("", "--- user\n{instruction}{input}{candidate_a}{candidate_b}"),
    "f, line 7: no message shows {delimiter}: put it on the lines around the texts, or write \"delimiters: none\" in the header"
  ),
  (file("", body + "\n--- user\nx"), "f, line 11: a second user message, expected one"),
  (
    file("", "--- assistant\nx"),
    "f, line 5: \"--- assistant\" begins no message: expected \"--- system\" or \"--- user\""
  ),
  (file("", "--- system\n\n" + body), "f, line 5: the message is empty"),
]

@Test func mistakesNameFileAndLine() {
  for (text, message) in mistakes {
    let error = #expect(throws: JudgePromptError.self) { try JudgePrompt(text: text, file: "f") }
    #expect(error?.description == message)
  }
}

@Test func delimitersCanBeGivenUpInWriting() throws {
  let text = file("delimiters: none", "--- user\n{instruction}{input}{candidate_a}{candidate_b}")
  #expect(try !JudgePrompt(text: text, file: "f").isDelimited)
}

@Test func theHashFollowsWhatTheJudgeSees() throws {
  func hash(_ header: String, _ body: String = body) throws -> String {
    try JudgePrompt(text: file(header, body), file: "f").hash
  }
  let base = try hash("")
  #expect(base.utf8.count == 64)
  #expect(try hash("# a comment\n\n") == base)
  #expect(try hash("temperature: 0.0") == base)
  #expect(try hash("", body.split(separator: "\n").joined(separator: "\r\n")) == base)
  #expect(try hash("", "\n\n" + body + "\n\n") == base)
  #expect(try hash("temperature: 1") != base)
  #expect(try hash("response format: verdict") != base)
  #expect(try hash("", body + "\nmore") != base)
  #expect(try hash("", body + "\n{{input}}") != hash("", body + "\n{input}"))
}

@Test func theBuiltinHashesStay() throws {
  #expect(
    try JudgePrompt.builtin("four-choice")?.hash
      == "d88cb5fa04f246a61ec6f995c96aef61fef118b566f832cd006c0043e7558b16")
  #expect(
    try JudgePrompt.builtin("structured-json")?.hash
      == "a1b6aaf7f95962322dc52950969cecfe42d51c642b92d8f160b820ef951cd2fe")
}

@Test func theResponseSchemaIsTheParsersGrammar() throws {
  let format = try VerdictSchema.responseFormat()
  let schema = format["json_schema"]?["schema"]
  #expect(
    schema?["properties"]?["verdict"]?["enum"]
      == ["A is better", "B is better", "Same good", "Same bad"])
  #expect(schema?["required"] == ["reason", "verdict"])
}
