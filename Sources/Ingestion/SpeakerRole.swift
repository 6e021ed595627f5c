/// Who speaks in a turn of a conversation.
enum SpeakerRole: Equatable {
  /// A person.
  case human
  /// A model.
  case gpt
  /// The instruction before the conversation.
  case system
  /// The result of a call.
  case tool

  /// The role that a name stands for, by the names that public loaders of such files accept.
  ///
  /// - Parameter name: the name; capital letters count as small ones.
  init?(_ name: String) {
    switch name.lowercased() {
    case "human", "user", "prompter": self = .human
    case "gpt", "chatgpt", "bing", "bard", "assistant", "model", "bot": self = .gpt
    case "system": self = .system
    case "tool", "function", "observation": self = .tool
    default: return nil
    }
  }

  /// The name in the published ShareGPT file; only these count in the reference recipe.
  var publishedName: String? {
    switch self {
    case .human: "human"
    case .gpt: "gpt"
    case .system: "system"
    case .tool: nil
    }
  }
}
