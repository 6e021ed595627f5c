import Glibc
import ModelEndpoints
import Testing

private func fixture(_ name: String) throws -> [UInt8] {
  let folder = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined()
  let descriptor = unsafe open(folder + "/Fixtures/" + name, O_RDONLY)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = unsafe read(descriptor, &bytes, bytes.count)
  return Array(bytes.prefix(max(0, count)))
}

@Test func readsARecordedChat() throws {
  let answer = AnswerParser().parse(
    try fixture("llama-chat.json"), contentType: "application/json; charset=utf-8", api: .openAIChat
  )
  #expect(answer.state == .truncated)
  #expect(answer.text.hasPrefix("Here are three tips"))
  #expect(answer.promptTokens == 27)
  #expect(answer.completionTokens == 128)
}

@Test func readsARecordedCompletion() throws {
  let answer = AnswerParser().parse(
    try fixture("llama-completion-logprobs.json"), contentType: nil, api: .openAICompletions)
  #expect(answer.text == " Paris.")
  #expect(answer.logprobCount == 2)
  #expect(answer.logprobSum == -0.24842411279678345 + -0.3992047607898712)
}

@Test func readsARecordedError() throws {
  #expect(
    ErrorText.message(inBody: try fixture("llama-context-overflow.json"))
      == "request (931 tokens) exceeds the available context size (512 tokens), try increasing it")
}
