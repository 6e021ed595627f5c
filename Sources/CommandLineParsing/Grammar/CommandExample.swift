/// A command line to try, with what it does.
package struct CommandExample: Sendable, Equatable {
  /// What the command does, in one sentence.
  package let caption: String
  /// The whole command line, ready to be pasted.
  package let commandLine: String

  /// An example.
  ///
  /// - Parameters:
  ///   - caption: what the command does, in one sentence.
  ///   - commandLine: the whole command line, with the program's name.
  package init(_ caption: String, _ commandLine: String) {
    self.caption = caption
    self.commandLine = commandLine
  }
}
