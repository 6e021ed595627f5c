import ModelEndpoints
import Testing

private func parse(
  _ text: String, _ api: EndpointAPI = .openAIChat, type: String? = "application/json"
) -> ParsedAnswer {
  AnswerParser().parse(Array(text.utf8), contentType: type, api: api)
}

private struct StateCase: Sendable, CustomTestStringConvertible {
  let name: String
  let body: String
  let state: AnswerState
  var api = EndpointAPI.openAIChat
  var text = ""
  var testDescription: String { name }
}

private func chat(_ message: String, _ reason: String = "\"stop\"") -> String {
  #"{"choices":[{"index":0,"message":\#(message),"finish_reason":\#(reason)}]}"#
}

private let states: [StateCase] = [
  StateCase(
    name: "text", body: chat(#"{"role":"assistant","content":"Hi"}"#), state: .answered, text: "Hi"),
  StateCase(
    name: "no reason", body: chat(#"{"content":"Hi"}"#, "null"), state: .answered, text: "Hi"),
  StateCase(name: "null", body: chat(#"{"content":null}"#), state: .empty),
  StateCase(name: "absent", body: chat(#"{"role":"assistant"}"#), state: .empty),
  StateCase(
    name: "white space", body: chat(#"{"content":" \n"}"#), state: .empty, text: " \n"),
  StateCase(
    name: "parts", body: chat(#"{"content":[{"type":"text","text":"a"},{"text":"b"},"c"]}"#),
    state: .answered, text: "abc"),
  StateCase(
    name: "NUL", body: chat(#"{"content":"a\u0000b"}"#), state: .answered, text: "a\0b"),
  StateCase(
    name: "cut", body: chat(#"{"content":"Hi"}"#, "\"length\""), state: .truncated, text: "Hi"),
  StateCase(
    name: "cut before a word",
    body: chat(#"{"content":"","reasoning_content":"hm"}"#, "\"length\""),
    state: .empty),
  StateCase(
    name: "refusal", body: chat(#"{"content":null,"refusal":"I cannot."}"#), state: .refused),
  StateCase(
    name: "null refusal", body: chat(#"{"content":"x","refusal":null}"#), state: .answered,
    text: "x"),
  StateCase(
    name: "filter", body: chat(#"{"content":"x"}"#, "\"content_filter\""), state: .refused,
    text: "x"),
  StateCase(name: "number", body: chat(#"{"content":7}"#), state: .malformed),
  StateCase(name: "no choices", body: #"{"choices":[]}"#, state: .malformed),
  StateCase(name: "no message", body: #"{"choices":[{}]}"#, state: .malformed),
  StateCase(name: "array", body: "[1]", state: .malformed),
  StateCase(name: "not JSON", body: "upstream error", state: .malformed),
  StateCase(name: "nothing", body: "", state: .malformed),
  StateCase(name: "two texts", body: "{}{}", state: .malformed),
  StateCase(
    name: "error", body: #"{"error":{"code":429,"message":"slow down"}}"#, state: .malformed),
  StateCase(
    name: "completion", body: #"{"choices":[{"text":" 2","finish_reason":"stop"}]}"#,
    state: .answered, api: .openAICompletions, text: " 2"),
  StateCase(
    name: "Anthropic",
    body: #"{"content":[{"type":"text","text":"Hi"}],"stop_reason":"end_turn"}"#,
    state: .answered, api: .anthropicMessages, text: "Hi"),
  StateCase(
    name: "Anthropic cut",
    body: #"{"content":[{"type":"text","text":"Hi"}],"stop_reason":"max_tokens"}"#,
    state: .truncated, api: .anthropicMessages, text: "Hi"),
  StateCase(
    name: "Anthropic refusal", body: #"{"content":[],"stop_reason":"refusal"}"#, state: .refused,
    api: .anthropicMessages),
  StateCase(
    name: "Ollama", body: #"{"message":{"content":"Hi"},"done":true,"done_reason":"length"}"#,
    state: .truncated, api: .ollama, text: "Hi"),
  StateCase(
    name: "Ollama error", body: #"{"error":"model not found"}"#, state: .malformed, api: .ollama),
]

@Test(arguments: states) private func readsTheState(_ example: StateCase) {
  let answer = parse(example.body, example.api)
  #expect(answer.state == example.state)
  #expect(answer.text.utf8.elementsEqual(example.text.utf8))
  #expect((answer.state == .malformed) == (answer.problem != nil && answer.state != .refused))
}

@Test func refusesBrokenUTF8() {
  let body = Array(#"{"choices":[{"message":{"content":"a"#.utf8) + [0xC3] + Array(#""}}]}"#.utf8)
  let answer = AnswerParser().parse(body, contentType: nil, api: .openAIChat)
  #expect(answer.state == .malformed)
}

@Test(arguments: ["text/html", "text/plain; charset=utf-8", "text/event-stream"])
func refusesOtherContentTypes(_ type: String) {
  #expect(parse(chat(#"{"content":"Hi"}"#), type: type).state == .malformed)
}

@Test(arguments: [
  nil, "", "application/json; charset=utf-8", "application/problem+json", "Text/JSON",
])
func takesJSONContentTypes(_ type: String?) {
  #expect(parse(chat(#"{"content":"Hi"}"#), type: type).state == .answered)
}

@Test func sumsBothFormsOfLogprobs() {
  let chatForm = parse(
    #"{"choices":[{"message":{"content":"ab"},"logprobs":{"content":[{"token":"a","logprob":-0.5},{"token":"b","logprob":-0.25}]}}]}"#
  )
  #expect(chatForm.logprobSum == -0.75)
  #expect(chatForm.logprobCount == 2)
  let completionForm = parse(
    #"{"choices":[{"text":"ab","logprobs":{"token_logprobs":[null,-0.5,-1.5],"tokens":["a","b","c"]}}]}"#,
    .openAICompletions)
  #expect(completionForm.logprobSum == -2)
  #expect(completionForm.logprobCount == 2)
  #expect(parse(chat(#"{"content":"x"}"#)).logprobSum == nil)
}

@Test func readsUsageOfAllDialects() {
  let openAI = parse(
    #"{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":27,"completion_tokens":128}}"#
  )
  #expect(openAI.promptTokens == 27)
  #expect(openAI.completionTokens == 128)
  let anthropic = parse(
    #"{"content":[{"type":"text","text":"x"}],"usage":{"input_tokens":5,"cache_read_input_tokens":10,"output_tokens":2}}"#,
    .anthropicMessages)
  #expect(anthropic.promptTokens == 15)
  #expect(anthropic.completionTokens == 2)
  let ollama = parse(
    #"{"message":{"content":"x"},"prompt_eval_count":9,"eval_count":4}"#, .ollama)
  #expect(ollama.promptTokens == 9)
  #expect(ollama.completionTokens == 4)
}

@Test func keepsReasoningApart() {
  let answer = parse(chat(#"{"content":"4","reasoning_content":"2 and 2"}"#))
  #expect(answer.text == "4")
  #expect(answer.reasoning == "2 and 2")
}

@Test func shortensErrorPages() {
  let page =
    "<!DOCTYPE html><html><head><title>502 Bad Gateway</title><style>p { x }</style></head>"
    + "<body><h1>Bad\nGateway</h1>" + String(repeating: "long ", count: 1000) + "</body></html>"
  let text = ErrorText.message(inBody: Array(page.utf8))
  #expect(text.hasPrefix("502 Bad Gateway Bad Gateway long"))
  #expect(text.count <= 200)
}

@Test(arguments: [
  (#"{"error":{"message":"a","type":"t"}}"#, "a"), (#"{"error":"b"}"#, "b"),
  (#"{"message":"c"}"#, "c"), (#"{"detail":"d"}"#, "d"),
  (#"{"detail":[{"loc":["body"],"msg":"e"},{"msg":"f"}]}"#, "e; f"),
  ("plain\n\ttext\u{0}", "plain text"), ("", ""),
])
func findsTheMessage(_ body: String, _ message: String) {
  #expect(ErrorText.message(inBody: Array(body.utf8)) == message)
}
