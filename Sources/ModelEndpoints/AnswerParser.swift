import JSON

/// Reads the bodies of successful answers in the four wire formats.
///
/// Source: as ``RequestBody``; dialects of vLLM, llama.cpp, TGI, LM Studio, OpenRouter and Ollama.
package struct AnswerParser: ~Copyable {
  private let parser = JSONParser()

  /// A parser with memory that is used again from answer to answer.
  package init() {}

  /// Reads an answer.
  ///
  /// - Parameters:
  ///   - body: the bytes.
  ///   - contentType: the header field; a server that sends none is believed to send JSON.
  ///   - api: the wire format.
  /// - Returns: the answer; its state is `malformed` when the bytes are not what was expected.
  package func parse(
    _ body: [UInt8], contentType: String?, api: EndpointAPI
  ) -> ParsedAnswer {
    if let contentType, !contentType.isEmpty, !Self.namesJSON(contentType) {
      let type = contentType.lowercased().prefix { $0 != ";" }
      return .malformed(
        "got \(type) instead of application/json: \(ErrorText.excerpt(of: body))")
    }
    do {
      return try parser.parse(body) { root in
        var answer = ParsedAnswer()
        Self.read(root, api, &answer)
        return answer
      }
    } catch {
      return .malformed("\(error): \(ErrorText.excerpt(of: body))")
    }
  }

  /// Whether "json" stands in the field; every answer is asked, so it is compared as bytes.
  private static func namesJSON(_ contentType: String) -> Bool {
    var matched = 0
    for byte in contentType.utf8 {
      switch (matched, byte | 0x20) {
      case (1, UInt8(ascii: "s")), (2, UInt8(ascii: "o")): matched += 1
      case (3, UInt8(ascii: "n")): return true
      case (_, UInt8(ascii: "j")): matched = 1
      default: matched = 0
      }
    }
    return false
  }

  private static func read(_ root: JSONElement, _ api: EndpointAPI, _ answer: inout ParsedAnswer) {
    guard root.kind == .object else {
      answer.problem = "got \(root.kindName) instead of an object"
      return
    }
    if let error = root["error"], !error.isNull {
      answer.errorStatus = (error["code"] ?? error["status"])?.int
      answer.problem = "an error instead of an answer: \(ErrorText.message(in: root))"
      return
    }
    readUsage(root, &answer)
    switch api {
    case .openAIChat, .openAICompletions: readChoice(root, &answer)
    case .anthropicMessages: readAnthropic(root, &answer)
    case .ollama: readOllama(root, &answer)
    }
  }

  private static func readUsage(_ root: JSONElement, _ answer: inout ParsedAnswer) {
    let usage = root["usage"]
    let input = usage?["prompt_tokens"] ?? usage?["input_tokens"] ?? root["prompt_eval_count"]
    let output = usage?["completion_tokens"] ?? usage?["output_tokens"] ?? root["eval_count"]
    answer.promptTokens = input?.int.flatMap { $0 >= 0 ? $0 : nil }
    answer.completionTokens = output?.int.flatMap { $0 >= 0 ? $0 : nil }
    // Anthropic counts what its prompt cache wrote and read beside the other tokens.
    for key in ["cache_creation_input_tokens", "cache_read_input_tokens"] as [StaticString] {
      if let cached = usage?[key]?.int, cached > 0 { answer.promptTokens? += cached }
    }
  }

  private static func readChoice(_ root: JSONElement, _ answer: inout ParsedAnswer) {
    guard let choice = root["choices"]?.firstElement, choice.kind == .object else {
      answer.problem = "got no element in \"choices\""
      return
    }
    if let error = choice["error"], !error.isNull {
      answer.errorStatus = error["code"]?.int
      answer.problem = "an error instead of an answer: \(ErrorText.message(in: choice))"
      return
    }
    readLogprobs(choice["logprobs"], &answer)
    let word = choice["finish_reason"]?.string
    if let message = choice["message"], message.kind == .object {
      answer.reasoning =
        (message["reasoning_content"] ?? message["reasoning"])?.string.flatMap {
          $0.isEmpty ? nil : $0
        }
      let refusal = message["refusal"]?.string ?? ""
      finish(message["content"], word, refusal: refusal, &answer)
    } else if let text = choice["text"] {
      finish(text, word, refusal: "", &answer)
    } else {
      answer.problem = "got neither \"message\" nor \"text\" in \"choices[0]\""
    }
  }

  private static func readAnthropic(_ root: JSONElement, _ answer: inout ParsedAnswer) {
    guard let content = root["content"], content.kind == .array else {
      answer.problem = "got \(root["content"]?.kindName ?? "nothing") as \"content\""
      return
    }
    content.forEachElement { part in
      if part["type"]?.isString("thinking") == true, let text = part["thinking"]?.string {
        answer.reasoning = (answer.reasoning ?? "") + text
      }
    }
    finish(content, root["stop_reason"]?.string, refusal: "", &answer)
  }

  private static func readOllama(_ root: JSONElement, _ answer: inout ParsedAnswer) {
    guard let message = root["message"], message.kind == .object else {
      answer.problem = "got \(root["message"]?.kindName ?? "nothing") as \"message\""
      return
    }
    answer.reasoning = message["thinking"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    if let list = root["logprobs"], list.kind == .array { addLogprobs(list, &answer) }
    finish(message["content"], root["done_reason"]?.string, refusal: "", &answer)
  }

  /// Takes the text and derives the state.
  private static func finish(
    _ content: JSONElement?, _ word: String?, refusal: String, _ answer: inout ParsedAnswer
  ) {
    if let word { answer.finishReason = FinishReason(word: word) }
    var refusal = refusal
    switch content?.kind {
    case nil, .null: break
    case .string: answer.text = content?.string ?? ""
    case .array:
      content?.forEachElement { part in
        if let text = part.string ?? part["text"]?.string { answer.text += text }
        if let text = part["refusal"]?.string { refusal += text }
      }
    default:
      answer.problem = "got \(content?.kindName ?? "nothing") as the text"
      return
    }
    if !refusal.isEmpty || answer.finishReason == .contentFilter {
      answer.state = .refused
      answer.problem = refusal.isEmpty ? nil : ErrorText.oneLine(refusal)
    } else if answer.text.utf8.allSatisfy({ $0 <= 0x20 && $0 != 0 }) {
      answer.state = .empty
    } else {
      answer.state = answer.finishReason == .length ? .truncated : .answered
    }
  }

  /// Both forms: `content[].logprob` of chats, and of llama.cpp's completions, and `token_logprobs`.
  private static func readLogprobs(_ logprobs: JSONElement?, _ answer: inout ParsedAnswer) {
    if let list = logprobs?["content"], list.kind == .array {
      addLogprobs(list, &answer)
    } else if let list = logprobs?["token_logprobs"], list.kind == .array {
      var sum = 0.0
      list.forEachElement { element in
        // The first token of an echoed prompt has `null`.
        guard let number = element.number else { return }
        sum += number
        answer.logprobCount += 1
      }
      if answer.logprobCount > 0 { answer.logprobSum = sum }
    }
  }

  private static func addLogprobs(_ list: JSONElement, _ answer: inout ParsedAnswer) {
    var sum = 0.0
    list.forEachElement { token in
      guard let number = token["logprob"]?.number else { return }
      sum += number
      answer.logprobCount += 1
    }
    if answer.logprobCount > 0 { answer.logprobSum = sum }
  }
}

extension JSONElement {
  /// The first element of an array.
  fileprivate var firstElement: JSONElement? {
    var first: JSONElement?
    forEachElement { if first == nil { first = $0 } }
    return first
  }

  /// The number, when it is whole.
  fileprivate var int: Int? { number.flatMap { Int(exactly: $0) } }
}
