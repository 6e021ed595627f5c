internal import Hashing

/// What a judge is asked, as read from a prompt file; see ``JudgePromptReader`` for the format.
package struct JudgePrompt: Sendable, Equatable {
  /// What stands for a text of the comparison.
  package enum Placeholder: String, Sendable, CaseIterable {
    /// The example's instruction.
    case instruction
    /// The example's input.
    case input
    /// The text shown as A.
    case candidateA = "candidate_a"
    /// The text shown as B.
    case candidateB = "candidate_b"
    /// The example's reference answer.
    case reference
    /// A code that occurs in none of the texts.
    case delimiter
  }

  /// A part of a line.
  enum Piece: Sendable, Equatable {
    case text(String)
    case placeholder(Placeholder)
  }

  /// A line of a template, left out when it has a condition and that text is absent or empty.
  struct Line: Sendable, Equatable {
    var condition: Placeholder?
    var pieces: [Piece]
  }

  /// The form that the server is asked to hold the reply to.
  package enum ResponseFormat: String, Sendable, CaseIterable {
    /// No particular form.
    case text
    /// The JSON Schema of ``ReplyParser/structuredJSON``.
    case verdict
  }

  /// The prompt's name.
  package let name: String
  /// The parser that reads the replies.
  package let parser: ReplyParser
  /// The limit of the reply's length.
  package let maxTokens: Int
  /// The sampling temperature.
  package let temperature: Double
  /// The nucleus-sampling threshold; `nil` leaves it to the server.
  package let topP: Double?
  /// The form asked of the server.
  package let responseFormat: ResponseFormat
  /// Whether the texts are framed by the delimiter; only a file that says so goes without.
  package let isDelimited: Bool
  /// The hash of everything that shapes a reply: both messages, sampling and response format.
  ///
  /// Name, comments, parser and white space around the messages do not enter, so a prompt that is
  /// renamed or parsed anew keeps its hash.
  package let hash: String
  let system: [Line]?
  let user: [Line]

  init(
    name: String, parser: ReplyParser, maxTokens: Int, temperature: Double, topP: Double?,
    responseFormat: ResponseFormat, isDelimited: Bool, system: [Line]?, user: [Line]
  ) {
    self.name = name
    self.parser = parser
    self.maxTokens = maxTokens
    self.temperature = temperature
    self.topP = topP
    self.responseFormat = responseFormat
    self.isDelimited = isDelimited
    self.system = system
    self.user = user
    var hash = SHA256()
    hash.update(field: "judge prompt 1")
    hash.update(field: "\(maxTokens)")
    hash.update(field: "\(temperature)")
    hash.update(field: topP.map { "\($0)" } ?? "")
    hash.update(field: responseFormat == .verdict ? VerdictSchema.text : "")
    hash.update(field: system.map(Self.canonical) ?? "")
    hash.update(field: Self.canonical(user))
    self.hash = hash.hexadecimal
  }

  /// Whether some line shows this text.
  ///
  /// - Parameter placeholder: what stands for the text.
  /// - Returns: whether the text can appear in the prompt.
  package func uses(_ placeholder: Placeholder) -> Bool {
    ((system ?? []) + user).contains { $0.pieces.contains(.placeholder(placeholder)) }
  }

  /// Whether a line needs the text even when the example does not have it.
  func requires(_ placeholder: Placeholder) -> Bool {
    ((system ?? []) + user).contains {
      $0.condition != placeholder && $0.pieces.contains(.placeholder(placeholder))
    }
  }

  private static func canonical(_ lines: [Line]) -> String {
    lines.map { line in
      (line.condition.map { "{?\($0.rawValue)}" } ?? "")
        + line.pieces.map { piece in
          switch piece {
          // A brace of the text is doubled, so that it cannot be taken for a placeholder's.
          case .text(let text):
            text.split(separator: "{", omittingEmptySubsequences: false)
              .joined(separator: "{{")
          case .placeholder(let placeholder): "{\(placeholder.rawValue)}"
          }
        }.joined()
    }.joined(separator: "\n")
  }
}
