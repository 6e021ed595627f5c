internal import JSON

/// Messages in the form of chat data sets.
enum Chat {
  static func user(_ text: String) -> JSONValue { ["role": "user", "content": .string(text)] }

  static func assistant(_ text: String) -> JSONValue {
    ["role": "assistant", "content": .string(text)]
  }

  static func conversation(_ prompt: String, _ answer: String) -> JSONValue {
    [user(prompt), assistant(answer)]
  }

  /// H4's files write the content first; readers do not mind, byte comparisons do.
  static func contentFirst(_ prompt: String, _ answer: String) -> JSONValue {
    [
      ["content": .string(prompt), "role": "user"],
      ["content": .string(answer), "role": "assistant"],
    ]
  }
}
