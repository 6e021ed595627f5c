package import JSON

/// One question, ready to be sent to a judge.
package struct JudgeRequest: Sendable, Equatable {
  /// A message of a chat.
  package struct Message: Sendable, Equatable {
    /// `system` or `user`.
    package let role: String
    /// The text.
    package let content: String
  }

  /// The pair and the order in which it is shown.
  package let comparison: Comparison
  /// The messages.
  package let messages: [Message]
  /// The limit of the reply's length.
  package let maxTokens: Int
  /// The sampling temperature.
  package let temperature: Double
  /// The nucleus-sampling threshold; `nil` leaves it to the server.
  package let topP: Double?
  /// The value of the request's `response_format`; `nil` for none.
  package let responseFormat: JSONValue?
  /// The code on the lines around the texts.
  package let delimiter: String
  /// The prompt's hash.
  package let promptHash: String
  /// Passages of the candidates that look as if they tried to dictate the verdict.
  package let suspicions: [DictationSuspicion]
}
