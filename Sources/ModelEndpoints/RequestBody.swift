import JSON

/// The bodies of requests in the four wire formats; members always stand in the same order.
///
/// Source: OpenAI API reference (chat completions, completions), Anthropic API reference (messages,
/// version 2023-06-01), Ollama docs/api.md (chat).
enum RequestBody {
  static func object(
    model: ModelConfiguration, prompt: ModelPrompt, parameters: DecodingParameters
  ) throws(PromptError) -> JSONObject {
    var body: JSONObject = ["model": .string(model.model)]
    switch model.api {
    case .openAIChat:
      body["messages"] = messages(prompt, system: model.system)
      addOpenAI(parameters, stop: parameters.stop, to: &body)
      if parameters.logprobs { body["logprobs"] = true }
    case .openAICompletions:
      let template = model.template ?? .plain
      let (text, system) = try singleTurn(prompt, model)
      body["prompt"] = .string(template.fill(prompt: text, system: system))
      addOpenAI(parameters, stop: template.stop + parameters.stop, to: &body)
      // The number of alternatives; llama.cpp gives nothing at all for 0.
      if parameters.logprobs { body["logprobs"] = 1 }
    case .anthropicMessages: addAnthropic(prompt, model, parameters, to: &body)
    case .ollama:
      body["messages"] = messages(prompt, system: model.system)
      addOllama(parameters, to: &body)
    }
    for member in parameters.extra.members { body[member.key] = member.value }
    return body
  }

  private static func message(_ role: String, _ content: String) -> JSONValue {
    .object(["role": .string(role), "content": .string(content)])
  }

  private static func messages(_ prompt: ModelPrompt, system: String?) -> JSONValue {
    switch prompt {
    case .text(let text):
      return .array((system.map { [message("system", $0)] } ?? []) + [message("user", text)])
    case .messages(let turns):
      // A conversation with a system prompt of its own keeps it.
      let hasSystem = turns.contains { $0.role == "system" }
      let first = hasSystem ? [] : system.map { [message("system", $0)] } ?? []
      return .array(first + turns.map { message($0.role, $0.content) })
    }
  }

  private static func singleTurn(
    _ prompt: ModelPrompt, _ model: ModelConfiguration
  ) throws(PromptError) -> (text: String, system: String?) {
    switch prompt {
    case .text(let text): return (text, model.system)
    case .messages(let messages):
      let turns = messages.filter { $0.role != "system" }
      guard turns.count == 1, let turn = turns.first, turn.role == "user" else {
        throw PromptError(model: model.name, turns: turns.count)
      }
      return (turn.content, messages.first { $0.role == "system" }?.content ?? model.system)
    }
  }

  private static func addOpenAI(
    _ parameters: DecodingParameters, stop: [String], to body: inout JSONObject
  ) {
    body["temperature"] = parameters.temperature.map { .double($0) }
    body["top_p"] = parameters.topP.map { .double($0) }
    body["top_k"] = parameters.topK.map { .integer(Int64($0)) }
    body["max_tokens"] = parameters.maximumTokens.map { .integer(Int64($0)) }
    body["seed"] = parameters.seed.map { .integer(Int64($0)) }
    if !stop.isEmpty { body["stop"] = .array(stop.map { .string($0) }) }
    body["response_format"] = parameters.responseFormat
  }

  private static func addAnthropic(
    _ prompt: ModelPrompt, _ model: ModelConfiguration, _ parameters: DecodingParameters,
    to body: inout JSONObject
  ) {
    body["max_tokens"] = parameters.maximumTokens.map { .integer(Int64($0)) }
    var system = model.system
    switch prompt {
    case .text(let text): body["messages"] = .array([message("user", text)])
    case .messages(let turns):
      // System prompts stand beside the conversation in this format.
      let own = turns.filter { $0.role == "system" }.map(\.content)
      if !own.isEmpty { system = own.joined(separator: "\n\n") }
      body["messages"] = .array(
        turns.filter { $0.role != "system" }.map { message($0.role, $0.content) })
    }
    body["system"] = system.map { .string($0) }
    body["temperature"] = parameters.temperature.map { .double($0) }
    body["top_p"] = parameters.topP.map { .double($0) }
    body["top_k"] = parameters.topK.map { .integer(Int64($0)) }
    if !parameters.stop.isEmpty {
      body["stop_sequences"] = .array(parameters.stop.map { .string($0) })
    }
  }

  private static func addOllama(_ parameters: DecodingParameters, to body: inout JSONObject) {
    body["stream"] = false
    if parameters.logprobs { body["logprobs"] = true }
    body["format"] = parameters.responseFormat
    var options: JSONObject = [:]
    options["temperature"] = parameters.temperature.map { .double($0) }
    options["top_p"] = parameters.topP.map { .double($0) }
    options["top_k"] = parameters.topK.map { .integer(Int64($0)) }
    options["num_predict"] = parameters.maximumTokens.map { .integer(Int64($0)) }
    options["seed"] = parameters.seed.map { .integer(Int64($0)) }
    if !parameters.stop.isEmpty { options["stop"] = .array(parameters.stop.map { .string($0) }) }
    if !options.isEmpty { body["options"] = .object(options) }
  }
}
