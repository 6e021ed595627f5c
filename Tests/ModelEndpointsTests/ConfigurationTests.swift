import Glibc
import HTTPClient
import JSON
import ModelEndpoints
import Testing

private struct AddressCase: Sendable {
  let api: EndpointAPI
  let written: String
  let sent: String
}

private let addresses: [AddressCase] = [
  .init(api: .openAIChat, written: "http://h:1", sent: "http://h:1/v1/chat/completions"),
  .init(api: .openAIChat, written: "http://h:1/", sent: "http://h:1/v1/chat/completions"),
  .init(api: .openAIChat, written: "http://h/v1", sent: "http://h/v1/chat/completions"),
  .init(api: .openAIChat, written: "http://h/v1/", sent: "http://h/v1/chat/completions"),
  .init(
    api: .openAIChat, written: "https://h/v1/chat/completions/",
    sent: "https://h/v1/chat/completions"),
  .init(
    api: .openAIChat, written: "http://h/chat/completions", sent: "http://h/chat/completions"),
  .init(api: .openAIChat, written: "https://h/api/v1", sent: "https://h/api/v1/chat/completions"),
  .init(
    api: .openAIChat, written: "https://h/v1beta/openai",
    sent: "https://h/v1beta/openai/chat/completions"),
  .init(
    api: .openAIChat, written: "https://h/d/x/chat/completions?api-version=1",
    sent: "https://h/d/x/chat/completions?api-version=1"),
  .init(
    api: .openAICompletions, written: "http://h/v1/chat/completions",
    sent: "http://h/v1/completions"),
  .init(api: .anthropicMessages, written: "https://h", sent: "https://h/v1/messages"),
  .init(api: .anthropicMessages, written: "https://h/v1/messages", sent: "https://h/v1/messages"),
  .init(api: .ollama, written: "http://h:11434", sent: "http://h:11434/api/chat"),
  .init(api: .ollama, written: "http://h:11434/v1", sent: "http://h:11434/api/chat"),
  .init(api: .ollama, written: "http://h:11434/api/chat", sent: "http://h:11434/api/chat"),
]

@Test(arguments: addresses) private func completesAddresses(_ example: AddressCase) throws {
  #expect(try example.api.requestURL(from: example.written) == example.sent)
}

@Test(arguments: ["", "h:80", "ftp://h", "http://", "http:///v1", "http://a:b@h/v1", "http://h /"])
func refusesAddresses(_ text: String) {
  let error = #expect(throws: ConfigurationError.self) {
    try EndpointAPI.openAIChat.requestURL(from: text)
  }
  #expect(error?.description.contains("a:b") == false)
}

private func catalog(_ json: String) throws -> ModelCatalog {
  try ModelCatalog(json: json.utf8, file: "models.json")
}

private let endpoint = #"{"name": "e", "url": "http://h"}"#

private let mistakes: [(json: String, message: String)] = [
  ("[", "models.json: got not valid JSON"),
  ("[]", "models.json: got an array; expected an object"),
  (
    #"{"endpoint": []}"#,
    "models.json, endpoint: got an unknown key; expected \"endpoints\""
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "concurency": 1}]}"#,
    "models.json, endpoints[0].concurency: got an unknown key; expected \"concurrency\""
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "h"}]}"#,
    "models.json, endpoints[0].url: got \"h\"; expected an address that begins with http"
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "api": "openai"}]}"#,
    "models.json, endpoints[0].api: got \"openai\"; expected one of openai-chat"
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "key": "sk-1"}]}"#,
    "models.json, endpoints[0].key: got a string; expected {\"env\""
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "headers": {"Authorization": "Bearer x"}}]}"#,
    "models.json, endpoints[0].headers.Authorization: got a key as text; expected {\"env\""
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "proxy": "http://u:p@h:1"}]}"#,
    "models.json, endpoints[0].proxy: got an address with a password; expected the address as {"
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "proxy": 1}]}"#,
    "models.json, endpoints[0].proxy: got a number; expected an address"
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "tls": {"ca": "x"}}]}"#,
    "models.json, endpoints[0].tls.ca: got an unknown key; expected"
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "tls": {"ca_file": "/none/ca.pem"}}]}"#,
    "models.json, endpoints[0].tls.ca_file: got no such file or directory: /none/ca.pem; expected"
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "tls": {"client_key": "/dev/null"}}]}"#,
    "models.json, endpoints[0].tls.client_key: got a key; expected a client_certificate"
  ),
  (
    #"{"endpoints": [{"name": "e", "url": "http://h", "concurrency": 0}]}"#,
    "models.json, endpoints[0].concurrency: got 0; expected a whole number from 1 to 4096"
  ),
  (
    #"{"endpoints": [\#(endpoint), \#(endpoint)]}"#,
    "models.json, endpoints[1].name: got \"e\" a second time"
  ),
  (
    #"{"endpoints": [\#(endpoint)], "models": [{"name": "m", "endpoint": "f"}]}"#,
    "models.json, models[0].endpoint: got the unknown endpoint \"f\"; expected \"e\""
  ),
  (
    #"{"endpoints": [\#(endpoint)], "models": [{"name": "m", "endpoint": "e", "parameters": {"temperature": "0"}}]}"#,
    "models.json, models[0].parameters.temperature: got a string; expected a number"
  ),
  (
    #"{"endpoints": [\#(endpoint)], "models": [{"name": "m", "endpoint": "e", "parameters": {"extra": {"seed": 1}}}]}"#,
    "models.json, models[0].parameters.extra.seed: got a member that is set already"
  ),
  (
    #"{"endpoints": [\#(endpoint)], "models": [{"name": "m", "endpoint": "e", "prompt_template": "alpca"}]}"#,
    "models.json, models[0].prompt_template: got the unknown template \"alpca\"; expected \"alpaca\""
  ),
  (
    #"{"endpoints": [{"name": "a", "url": "http://h", "api": "anthropic-messages"}], "models": [{"name": "m", "endpoint": "a"}]}"#,
    "models.json, models[0].parameters.max_tokens: got nothing"
  ),
]

@Test(arguments: mistakes) func namesMistakes(_ json: String, _ message: String) {
  let error = #expect(throws: ConfigurationError.self) { try catalog(json) }
  #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "no error")")
  #expect(error?.description.contains("\n") == false)
}

@Test func readsEverything() throws {
  let catalog = try catalog(
    #"""
    {"endpoints": [{"name": "e", "url": "https://h", "key": {"env": "K"},
       "headers": {"X-Title": "t", "X-Token": {"file": "~/token"}}, "concurrency": 3,
       "requests_per_minute": 60, "tokens_per_minute": 1e5,
       "timeouts": {"connect": 1.5, "first_byte": 20, "total": 30},
       "proxy": {"env": "PROXY"}, "tls": {"ca_file": "/dev/null"}}],
     "models": [{"name": "m-1", "model": "org/m", "endpoint": "e", "system": "Be brief.",
       "parameters": {"temperature": 0.7, "top_p": 0.9, "top_k": 40, "max_tokens": 100, "seed": 1,
         "stop": "\n\n", "logprobs": true, "response_format": {"type": "json_object"},
         "extra": {"min_p": 0.1}},
       "price": {"input_per_million": 2, "output_per_million": 8}}]}
    """#)
  let endpoint = try #require(catalog.endpoints.first)
  #expect(endpoint.timeouts.connect == .milliseconds(1500))
  #expect(endpoint.timeouts.firstByte == .seconds(20))
  #expect(endpoint.tokensPerMinute == 100_000)
  #expect(endpoint.proxy == .secret(.environment("PROXY")))
  #expect(endpoint.tls.certificateBundle == "/dev/null")
  let model = try catalog.model("m-1")
  #expect(model.decodingMethod == "top_p_sampling")
  let call = try ModelCall(tag: 1, model: model, prompt: .text("Hi \"é\"\0"))
  #expect(
    String(decoding: call.body, as: UTF8.self)
      == #"{"model":"org/m","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"Hi \"é\"\u0000"}],"temperature":0.7,"top_p":0.9,"top_k":40,"max_tokens":100,"seed":1,"stop":["\n\n"],"response_format":{"type":"json_object"},"logprobs":true,"min_p":0.1}"#
  )
  let price = PriceTable(models: catalog.models)["m-1"]
  #expect(price?.cost(of: TokenUsage(promptTokens: 1_000_000, completionTokens: 500_000)) == 6)
  #expect(throws: ConfigurationError.self) { try catalog.model("m-2") }
}

/// What belongs to one server is not shown to another one that the command line names instead.
@Test func anotherAddressGetsNoSecretsOfTheFirst() throws {
  let catalog = try catalog(
    #"""
    {"endpoints": [{"name": "e", "url": "https://h", "key": {"env": "K"}, "concurrency": 3,
       "headers": {"X-Token": {"env": "T"}}, "timeouts": {"total": 30}, "proxy": "http://p:1"}],
     "models": [{"name": "m", "endpoint": "e"}]}
    """#)
  var changes = EndpointChanges()
  changes.concurrency = 5
  changes.connectTimeout = 2
  let tuned = try #require(try catalog.changed(by: changes).endpoints.first)
  #expect(tuned.key == .environment("K") && tuned.headers.count == 1)
  #expect(tuned.concurrency == 5 && tuned.timeouts.connect == .seconds(2))
  #expect(tuned.timeouts.total == .seconds(30) && tuned.proxy == .text("http://p:1"))
  changes.url = "http://other"
  let moved = try #require(try catalog.changed(by: changes).endpoints.first)
  #expect(moved.key == nil && moved.headers.isEmpty)
  #expect(moved.url == "http://other/v1/chat/completions")
  changes.key = .environment("L")
  #expect(try catalog.changed(by: changes).endpoints.first?.key == .environment("L"))
  changes.certificateBundle = "/none/ca.pem"
  let error = #expect(throws: ConfigurationError.self) { try catalog.changed(by: changes) }
  #expect(error?.description.contains("--ca-file") == true)
}

@Test func writesTheOtherBodies() throws {
  var parameters = DecodingParameters()
  parameters.maximumTokens = 5
  parameters.stop = ["X"]
  parameters.logprobs = true
  let body = { (api: EndpointAPI, template: PromptTemplate?) in
    let endpoint = try EndpointConfiguration(name: "e", url: "http://h", api: api)
    let model = try ModelConfiguration(
      name: "m", endpoint: endpoint, template: template, system: template == nil ? "S" : nil,
      parameters: parameters)
    let call = try ModelCall(tag: 0, model: model, prompt: .text("{system} Q"))
    return String(decoding: call.body, as: UTF8.self)
  }
  #expect(
    try body(.anthropicMessages, nil)
      == #"{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"{system} Q"}],"system":"S","stop_sequences":["X"]}"#
  )
  #expect(
    try body(.ollama, nil)
      == #"{"model":"m","messages":[{"role":"system","content":"S"},{"role":"user","content":"{system} Q"}],"stream":false,"logprobs":true,"options":{"num_predict":5,"stop":["X"]}}"#
  )
  let template = try PromptTemplate(named: "oasst") { _ in nil }
  #expect(
    try body(.openAICompletions, template)
      == #"{"model":"m","prompt":"<|prompter|>{system} Q<|endoftext|><|assistant|>","max_tokens":5,"stop":["<|endoftext|>","<|prompter|>","X"],"logprobs":1}"#
  )
}

@Test func refusesConversationsForTextCompletions() throws {
  let endpoint = try EndpointConfiguration(name: "e", url: "http://h", api: .openAICompletions)
  let model = try ModelConfiguration(name: "m", endpoint: endpoint)
  #expect(throws: PromptError.self) {
    try ModelCall(
      tag: 0, model: model,
      prompt: .messages([
        .init(role: "user", content: "a"), .init(role: "assistant", content: "b"),
      ]))
  }
}

@Test func fillsTheBuiltInTemplates() throws {
  #expect(PromptTemplate.builtInNames.count == 12)
  for name in PromptTemplate.builtInNames {
    let template = try PromptTemplate(named: name) { _ in nil }
    let text = template.fill(prompt: "Q{prompt}", system: nil)
    #expect(text.contains("Q{prompt}"), "\(name)")
    #expect(!text.contains("{system}"), "\(name)")
  }
  let ends = [
    "alpaca": "### Response:", "dolly-v2": "### Response:\n", "mpt": "### Response:\n",
    "vicuna": " USER: Q ASSISTANT:", "moss": "<|Human|>: Q<eoh>\n<|MOSS|>:", "plain": "Q",
    "baize": "[|Human|]Q\n[|AI|]", "koala": "USER: Q GPT:",
  ]
  for (name, end) in ends {
    let template = try PromptTemplate(named: name) { _ in nil }
    #expect(template.fill(prompt: "Q", system: nil).hasSuffix(end), "\(name)")
  }
}

@Test func readsTemplateFilesOfTheUser() throws {
  let file = "# mine\nstop: a\\nb\n---\n{system}|{prompt}\n"
  let template = try PromptTemplate(named: "my.txt") { $0 == "my.txt" ? file : nil }
  #expect(template.stop == ["a\nb"])
  #expect(template.fill(prompt: "{system}", system: "S") == "S|{system}")
  #expect(throws: ConfigurationError.self) { try PromptTemplate(named: "no.txt") { _ in nil } }
  #expect(throws: ConfigurationError.self) { try PromptTemplate(name: "x", file: "no place") }
  #expect(throws: ConfigurationError.self) {
    try PromptTemplate(name: "x", file: "halt: x\n---\n{prompt}")
  }
}

@Test func readsKeysFromPrivateFilesOnly() throws {
  var name = Array("/tmp/mixinstruct-key-XXXXXX".utf8CString)
  let descriptor = unsafe mkstemp(&name)
  let path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { unsafe unlink(path) }
  let text = Array("  sk-abc\n".utf8)
  #expect(unsafe write(descriptor, text, text.count) == text.count)
  close(descriptor)
  #expect(try KeySource.file(path).read() == "sk-abc")
  unsafe chmod(path, 0o644)
  let error = #expect(throws: ConfigurationError.self) { try KeySource.file(path).read() }
  #expect(error?.description.contains("chmod 600") == true)
  #expect(error?.description.contains("sk-abc") == false)
  #expect(throws: ConfigurationError.self) { try KeySource.environment("X").read { _ in nil } }
  #expect(throws: ConfigurationError.self) { try KeySource.environment("X").read { _ in "a\nb" } }
}
