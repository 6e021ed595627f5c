package import JSON

/// How a model is asked to choose its tokens; what is `nil` is left to the server.
package struct DecodingParameters: Sendable, Equatable {
  /// The temperature; 0 is greedy.
  package var temperature: Double?
  /// The nucleus's probability mass.
  package var topP: Double?
  /// The number of most likely tokens to choose from.
  package var topK: Int?
  /// The most tokens of an answer.
  package var maximumTokens: Int?
  /// The seed of the server's random numbers.
  package var seed: Int?
  /// Texts at which the answer ends.
  package var stop: [String] = []
  /// Whether the tokens' log-probabilities are asked for.
  package var logprobs = false
  /// The form of the answer, as the wire format has it.
  package var responseFormat: JSONValue?
  /// Further members of the request, sent as they are.
  package var extra: JSONObject = [:]

  /// Parameters that leave everything to the server.
  package init() {}
}

extension DecodingParameters {
  static let keys = [
    "temperature", "top_p", "top_k", "max_tokens", "seed", "stop", "logprobs", "response_format",
    "extra",
  ]
  /// Members of requests that `extra` must not replace.
  static let reserved =
    keys.filter { $0 != "extra" } + ["model", "messages", "prompt", "stream", "system", "options"]

  init(_ value: JSONValue, path: String) throws(ConfigurationError) {
    let object = try ConfigurationObject(value, path: path, keys: Self.keys)
    temperature = try object.number("temperature", in: 0...100)
    topP = try object.number("top_p", in: 0...1)
    topK = try object.integer("top_k", in: -1...(.max))
    maximumTokens = try object.integer("max_tokens", in: 1...(.max))
    seed = try object.integer("seed", in: .min...(.max))
    logprobs = try object.bool("logprobs") ?? false
    responseFormat = object.value("response_format")
    if let value = object.value("stop") {
      let stops = value.string.map { [JSONValue.string($0)] } ?? value.array ?? [value]
      for stop in stops {
        guard let text = stop.string, !text.isEmpty else {
          throw object.failure("stop", stop.kindName, "a string or an array of strings")
        }
        self.stop.append(text)
      }
    }
    guard let value = object.value("extra") else { return }
    guard let extra = value.object else {
      throw object.failure("extra", value.kindName, "an object")
    }
    for member in extra.members where Self.reserved.contains(member.key) {
      throw ConfigurationError(
        path: object.place("extra") + "." + member.key, got: "a member that is set already",
        expected: "it outside of \"extra\"")
    }
    self.extra = extra
  }
}
