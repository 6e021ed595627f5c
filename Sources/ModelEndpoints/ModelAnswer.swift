/// How a call ended, with everything that a journal keeps.
package struct ModelAnswer: Sendable {
  /// The call.
  package let call: ModelCall
  /// How it ended.
  package let state: AnswerState
  /// The text; empty when there is none.
  package let text: String
  /// What a reasoning model wrote before its answer.
  package let reasoning: String?
  /// Why the model stopped.
  package let finishReason: FinishReason?
  /// The sum of the log-probabilities of the answer's tokens.
  package let logprobSum: Double?
  /// The number of tokens in the sum.
  package let logprobCount: Int
  /// The tokens, counted by the server or estimated; `nil` when nothing was answered.
  package let usage: TokenUsage?
  /// The number of times that the call was sent.
  package let attempts: Int
  /// The seconds that the last attempt took.
  package let latency: Double
  /// The status code of the last attempt; `nil` when none came.
  package let status: Int?
  /// The body of the last attempt without keys.
  package let rawResponse: [UInt8]
  /// What went wrong, in one line without keys; `nil` when nothing did.
  package let errorText: String?

  /// The caller's own number.
  package var tag: Int { call.tag }
}
