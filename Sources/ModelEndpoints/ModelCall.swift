package import JSON

/// One question to one model, ready to be sent.
package struct ModelCall: Sendable {
  /// The caller's own number, given back with the answer.
  package private(set) var tag: Int
  /// The model's stored name.
  package let model: String
  /// The endpoint's name.
  package let endpoint: String
  /// The bytes that are sent; the same question always has the same bytes.
  package let body: [UInt8]
  /// The prompt's length in UTF-8 bytes.
  package let promptBytes: Int
  /// The most tokens of the answer, when a limit is asked for.
  package let maximumTokens: Int?

  /// A call.
  ///
  /// - Parameters:
  ///   - tag: the caller's own number.
  ///   - model: the model.
  ///   - prompt: what it is asked.
  ///   - seed: a seed in place of the model's.
  ///   - responseFormat: a form of the answer in place of the model's, as the wire format has it.
  /// - Throws: ``PromptError`` when a conversation is given to a model that completes text.
  package init(
    tag: Int, model: ModelConfiguration, prompt: ModelPrompt, seed: Int? = nil,
    responseFormat: JSONValue? = nil
  ) throws(PromptError) {
    var parameters = model.parameters
    if let seed { parameters.seed = seed }
    if let responseFormat { parameters.responseFormat = responseFormat }
    self.tag = tag
    self.model = model.name
    endpoint = model.endpoint
    var writer = JSONWriter()
    writer.append(try RequestBody.object(model: model, prompt: prompt, parameters: parameters))
    body = writer.bytes
    maximumTokens = parameters.maximumTokens
    promptBytes =
      switch prompt {
      case .text(let text): text.utf8.count + (model.system?.utf8.count ?? 0)
      case .messages(let messages): messages.reduce(0) { $0 + $1.content.utf8.count }
      }
  }

  /// An estimate of the tokens that the call can take, which limits per minute count.
  package var estimatedTokens: Int {
    TokenUsage.estimate(bytes: promptBytes) + (maximumTokens ?? 256)
  }

  /// The same call under another tag.
  ///
  /// - Parameter tag: the caller's number.
  /// - Returns: the call.
  package func tagged(_ tag: Int) -> ModelCall {
    var call = self
    call.tag = tag
    return call
  }
}
