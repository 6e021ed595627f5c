/// Texts quoted for shells.
enum ShellText {
  /// A text as one word of bash or zsh, whatever it holds.
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
      + "'"
  }

  /// A text as one word of fish, where a backslash also escapes inside quotes.
  static func quotedForFish(_ text: String) -> String {
    "'" + escaped(text, ["\\", "'"]) + "'"
  }

  /// A text with a backslash before each of some characters.
  static func escaped(_ text: String, _ characters: Set<Character>) -> String {
    text.reduce(into: "") { result, character in
      if characters.contains(character) { result.append("\\") }
      result.append(character)
    }
  }

  /// The name of a shell function for a program.
  static func functionName(_ program: ProgramDefinition) -> String {
    "_" + program.name.map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
  }
}
