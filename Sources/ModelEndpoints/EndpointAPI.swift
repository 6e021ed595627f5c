/// The wire format of an endpoint.
package enum EndpointAPI: String, Sendable, CaseIterable {
  /// OpenAI's chat completions, as spoken by vLLM, llama.cpp, TGI, LM Studio, OpenRouter and others.
  case openAIChat = "openai-chat"
  /// OpenAI's text completions; prompts go through a template.
  case openAICompletions = "openai-completions"
  /// Anthropic's messages.
  case anthropicMessages = "anthropic-messages"
  /// Ollama's own chat.
  case ollama = "ollama"

  /// The end of the path that requests go to.
  private var route: String {
    switch self {
    case .openAIChat: "/chat/completions"
    case .openAICompletions: "/completions"
    case .anthropicMessages: "/messages"
    case .ollama: "/api/chat"
    }
  }

  /// The address that requests go to, from an address as people write it.
  ///
  /// A route at the end is replaced; `/v1` is added unless a version or a route was given.
  ///
  /// - Parameter text: with or without `/v1`, with or without the route, with or without a query.
  /// - Returns: the address.
  /// - Throws: ``ConfigurationError`` when it is no `http` or `https` address, or holds a password.
  package func requestURL(from text: String) throws(ConfigurationError) -> String {
    let (base, query) = Self.split(text, at: "?")
    guard let scheme = ["http://", "https://"].first(where: { base.lowercased().hasPrefix($0) })
    else {
      throw ConfigurationError(
        path: "url", got: "\"\(text)\"", expected: "an address that begins with http:// or https://"
      )
    }
    let (host, rawPath) = Self.split(String(base.dropFirst(scheme.count)), at: "/")
    guard !host.isEmpty, !text.unicodeScalars.contains(where: { $0.value <= 0x20 }) else {
      throw ConfigurationError(
        path: "url", got: "\"\(text)\"", expected: "an address without spaces, with a host")
    }
    guard !host.contains("@") else {
      throw ConfigurationError(
        path: "url", got: "an address with a password",
        expected: "an address without one; name the key's variable or file under \"key\"")
    }
    var parts = rawPath.split(separator: "/").map(String.init)
    let hadRoute = Self.dropRoute(&parts)
    if self == .ollama, parts.last == "v1" || parts.last == "api" { parts.removeLast() }
    let hasVersion = parts.contains(where: Self.isVersion)
    if self != .ollama, !hadRoute, !hasVersion { parts.append("v1") }
    let path = parts.map { "/" + $0 }.joined() + route
    return scheme + host + path + (query.isEmpty ? "" : "?" + query)
  }

  private static func split(_ text: String, at mark: Character) -> (String, String) {
    guard let place = text.firstIndex(of: mark) else { return (text, "") }
    return (String(text[..<place]), String(text[text.index(after: place)...]))
  }

  /// Removes a known route from the end; says whether there was one.
  private static func dropRoute(_ parts: inout [String]) -> Bool {
    let routes = [
      ["chat", "completions"], ["api", "chat"], ["api", "generate"], ["completions"], ["messages"],
    ]
    guard let route = routes.first(where: { parts.suffix($0.count).elementsEqual($0) }) else {
      return false
    }
    parts.removeLast(route.count)
    return true
  }

  /// `v1`, `v4`, `v1beta`.
  private static func isVersion(_ part: String) -> Bool {
    let bytes = Array(part.utf8)
    return bytes.count >= 2 && bytes[0] == UInt8(ascii: "v")
      && (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[1])
  }
}
