/// How a call ended; the raw values are stored.
package enum AnswerState: String, Sendable, CaseIterable {
  /// The model answered.
  case answered
  /// The model answered with nothing, or with white space only.
  case empty
  /// The answer was cut at the token limit.
  case truncated
  /// The model or a content filter declined.
  case refused
  /// The server answered with success, but not with what its wire format promises.
  case malformed
  /// The server answered with an error that will not go away, or too often.
  case failed
  /// No answer came over the network, at the last attempt as well.
  case unreachable
  /// The run was aborted.
  case cancelled
  /// The call was not sent: the budget ended, or the endpoint was given up.
  case notSent = "not_sent"

  /// Whether there is a text to keep as a candidate.
  package var hasText: Bool { self == .answered || self == .truncated }
}

/// Why a model stopped, in one vocabulary for all servers.
package enum FinishReason: String, Sendable, CaseIterable {
  /// The end, or a stop text.
  case stop
  /// The token limit.
  case length
  /// A content filter, or a refusal.
  case contentFilter = "content_filter"
  /// A call of a tool.
  case toolCalls = "tool_calls"
  /// Another reason.
  case other

  /// The reason behind a server's word.
  ///
  /// - Parameter word: OpenAI's, Anthropic's, Ollama's, TGI's or another server's word.
  package init(word: String) {
    switch word.lowercased() {
    case "stop", "end_turn", "stop_sequence", "eos", "eos_token", "load", "completed": self = .stop
    case "length", "max_tokens", "max_length", "model_length", "model_context_window_exceeded",
      "limit", "max_output_tokens":
      self = .length
    case "content_filter", "refusal", "safety", "recitation", "blocklist", "prohibited_content":
      self = .contentFilter
    case "tool_calls", "function_call", "tool_use", "tool_call": self = .toolCalls
    default: self = .other
    }
  }
}
