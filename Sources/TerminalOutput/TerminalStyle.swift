/// Whether texts are decorated, decided once for a stream.
package struct TerminalStyle: Sendable, Equatable {
  /// Whether bold and colours are used.
  package let isDecorated: Bool

  /// A style that decorates or leaves texts plain.
  ///
  /// - Parameter isDecorated: whether bold and colours are used.
  package init(isDecorated: Bool) {
    self.isDecorated = isDecorated
  }

  /// No decoration.
  package static let plain = TerminalStyle(isDecorated: false)

  /// The style for a stream: decorated on a terminal that is not dumb, without `NO_COLOR`.
  ///
  /// Source: https://no-color.org (set and not empty switches colours off).
  ///
  /// - Parameters:
  ///   - isTerminal: whether the stream is a terminal.
  ///   - environment: looks a variable up.
  package init(isTerminal: Bool, environment: (String) -> String?) {
    let isDumb = environment("TERM").map { $0.isEmpty || $0 == "dumb" } ?? true
    let isRefused = environment("NO_COLOR").map { !$0.isEmpty } ?? false
    isDecorated = isTerminal && !isDumb && !isRefused
  }

  /// The style for an open descriptor of this process.
  ///
  /// - Parameter descriptor: 1 for standard output, 2 for standard error.
  package init(descriptor: Int32) {
    self.init(
      isTerminal: Terminal.isTerminal(descriptor), environment: Terminal.environment)
  }

  /// Headings and names to look for.
  ///
  /// - Parameter text: one line.
  /// - Returns: the text, bold where this style decorates.
  package func bold(_ text: String) -> String { decorated(text, code: "1") }

  /// What went wrong.
  ///
  /// - Parameter text: one line.
  /// - Returns: the text, bold and red where this style decorates.
  package func failure(_ text: String) -> String { decorated(text, code: "1;31") }

  private func decorated(_ text: String, code: String) -> String {
    isDecorated && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
