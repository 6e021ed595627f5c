/// What the body of a successful answer says.
package struct ParsedAnswer: Sendable, Equatable {
  /// `answered`, `empty`, `truncated`, `refused` or `malformed`.
  package var state = AnswerState.malformed
  /// The text, with everything in it kept; empty when there is none.
  package var text = ""
  /// What a reasoning model wrote before its answer.
  package var reasoning: String?
  /// Why the model stopped; `nil` when the server does not say.
  package var finishReason: FinishReason?
  /// The sum of the log-probabilities of the answer's tokens.
  package var logprobSum: Double?
  /// The number of tokens in the sum.
  package var logprobCount = 0
  /// The tokens of the prompt, when the server says.
  package var promptTokens: Int?
  /// The tokens of the answer, when the server says.
  package var completionTokens: Int?
  /// The status that an error object in the body names, as gateways send it with status 200.
  package var errorStatus: Int?
  /// What is wrong, when something is.
  package var problem: String?

  /// An answer that is not what the wire format promises.
  static func malformed(_ problem: String) -> ParsedAnswer {
    var answer = ParsedAnswer()
    answer.problem = problem
    return answer
  }
}
