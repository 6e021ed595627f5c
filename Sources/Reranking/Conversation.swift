/// A conversation of user and assistant, of which the assistant's turns are compared.
package struct Conversation: Sendable, Equatable {
  /// One turn.
  package struct Turn: Sendable, Equatable {
    /// Who speaks: `USER` or `ASSISTANT`, in any case.
    package var role: String
    /// What is said.
    package var content: String

    /// A turn.
    ///
    /// - Parameters:
    ///   - role: who speaks.
    ///   - content: what is said.
    package init(role: String, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// The turns, a user's first.
  package var turns: [Turn]

  /// A conversation.
  ///
  /// - Parameter turns: the turns.
  package init(_ turns: [Turn]) { self.turns = turns }

  // Spelled as the published checkpoints were trained and used.
  private static let instruction =
    "Finish the following coversation in each i-th turn by filling in <Response i> with your "
    + "response."

  /// Two conversations with the same user as an input with two candidates.
  ///
  /// Source: LLM-Blender `blender_utils.py`, `get_pair_from_conv`.
  ///
  /// - Parameters:
  ///   - first: the conversation that becomes candidate 0.
  ///   - second: the one that becomes candidate 1.
  /// - Returns: the input.
  /// - Throws: ``RerankingError/conversation(_:)`` when the users' turns differ, or turns are not
  ///   those of user and assistant by turns.
  package static func input(
    _ first: Conversation, _ second: Conversation
  ) throws(RerankingError) -> RankingInput {
    let one = try first.exchanges("the first one")
    let other = try second.exchanges("the second one")
    guard one.count == other.count else {
      throw .conversation("one has \(one.count) answers, the other \(other.count)")
    }
    var prompts: [String] = []
    for (number, (left, right)) in zip(one, other).enumerated() {
      guard left.user.utf8.elementsEqual(right.user.utf8) else {
        throw .conversation("the user's turn \(number + 1) is not the same in both")
      }
      prompts.append("USER: \(left.user)\nAssistant: <Response \(number + 1)>")
    }
    func text(_ exchanges: [(user: String, assistant: String)]) -> String {
      exchanges.enumerated().map { "<Response \($0 + 1)>: \($1.assistant)" }
        .joined(separator: "\n")
    }
    return RankingInput(
      source: instruction + prompts.joined(separator: "\n"), candidates: [text(one), text(other)])
  }

  private func exchanges(
    _ name: String
  ) throws(RerankingError) -> [(user: String, assistant: String)] {
    guard !turns.isEmpty, turns.count % 2 == 0 else {
      throw .conversation(
        "\(name) has \(turns.count) turns, expected a user's and an assistant's by turns")
    }
    var result: [(user: String, assistant: String)] = []
    for start in stride(from: 0, to: turns.count, by: 2) {
      for (turn, role) in zip(turns[start...], ["user", "assistant"])
      where turn.role.lowercased() != role {
        throw .conversation("a turn of \(name) is of '\(turn.role)', expected '\(role)'")
      }
      result.append((turns[start].content, turns[start + 1].content))
    }
    return result
  }
}
