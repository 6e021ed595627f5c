/// What a model is asked.
package enum ModelPrompt: Sendable, Equatable {
  /// A turn of a conversation.
  package struct Message: Sendable, Equatable {
    /// `system`, `user` or `assistant`.
    package let role: String
    /// The text.
    package let content: String

    /// A turn.
    package init(role: String, content: String) {
      self.role = role
      self.content = content
    }
  }

  /// One text, sent as the user's turn or filled into the model's template.
  case text(String)
  /// A conversation.
  case messages([Message])
}

/// A prompt that a model's wire format cannot express.
package struct PromptError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The model's stored name.
  package let model: String
  /// The number of turns besides system prompts.
  package let turns: Int

  /// One line for people.
  package var description: String {
    "model \(model): got a conversation of \(turns) turns; expected one user turn, because text "
      + "completions have a template for one turn only"
  }
}
