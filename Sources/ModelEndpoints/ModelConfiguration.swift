/// A model at an endpoint, with everything that decides what it answers.
package struct ModelConfiguration: Sendable, Equatable {
  /// The name that candidates are stored under.
  package let name: String
  /// The name that is sent.
  package let model: String
  /// The endpoint's name.
  package let endpoint: String
  /// The wire format, which is the endpoint's.
  package let api: EndpointAPI
  /// The template of text completions.
  package let template: PromptTemplate?
  /// The system prompt; `nil` for none, or for the template's own.
  package let system: String?
  /// The decoding parameters.
  package let parameters: DecodingParameters
  /// The label that candidates are stored under, such as `top_p_sampling`.
  package let decodingMethod: String
  /// What tokens cost; `nil` when not known.
  package let price: TokenPrice?

  /// A model.
  ///
  /// - Parameters:
  ///   - name: the name that candidates are stored under.
  ///   - model: the name that is sent; `nil` for the same.
  ///   - endpoint: where it is asked.
  ///   - template: the template; text completions take `plain` when there is none.
  ///   - system: the system prompt.
  ///   - parameters: the decoding parameters.
  ///   - decodingMethod: the label; `nil` derives it from the parameters.
  ///   - price: what tokens cost.
  /// - Throws: ``ConfigurationError`` when the wire format cannot express it.
  package init(
    name: String, model: String? = nil, endpoint: EndpointConfiguration,
    template: PromptTemplate? = nil, system: String? = nil,
    parameters: DecodingParameters = DecodingParameters(), decodingMethod: String? = nil,
    price: TokenPrice? = nil
  ) throws(ConfigurationError) {
    self.name = name
    self.model = model ?? name
    self.endpoint = endpoint.name
    api = endpoint.api
    let isCompletion = endpoint.api == .openAICompletions
    self.template = isCompletion ? template ?? PromptTemplate.plain : nil
    self.system = system
    self.parameters = parameters
    self.decodingMethod = decodingMethod ?? parameters.methodName
    self.price = price
    if template != nil, !isCompletion {
      throw ConfigurationError(
        path: "prompt_template", got: "a template at an endpoint of \(endpoint.api.rawValue)",
        expected: "none: only openai-completions takes prompts as text")
    }
    if system != nil, let template, !template.takesSystemPrompt {
      throw ConfigurationError(
        path: "system", got: "a system prompt",
        expected: "none: the template \"\(template.name)\" has no {system}")
    }
    if endpoint.api == .anthropicMessages, parameters.maximumTokens == nil {
      throw ConfigurationError(
        path: "parameters.max_tokens", got: "nothing",
        expected: "a number: anthropic-messages requires it")
    }
  }
}

extension DecodingParameters {
  /// The label that the parameters suggest; `server_default` when they say nothing.
  fileprivate var methodName: String {
    if temperature == 0 || topK == 1 { return "greedy" }
    if let topP, topP < 1 { return "top_p_sampling" }
    if let topK, topK > 0 { return "top_k_sampling" }
    return temperature == nil ? "server_default" : "sampling"
  }
}
