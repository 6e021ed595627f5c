import CommandLineParsing

/// Prints the completion script of a shell.
enum CompletionsVerb: Verb {
  static let definition = CommandDefinition(
    "completions", abstract: "Print the completion script of a shell.", group: "Program",
    arguments: [
      ArgumentDefinition(
        "SHELL", help: "The shell", allowed: CompletionShell.allCases.map(\.rawValue))
    ],
    examples: [
      CommandExample("Complete in this shell.", "source <(mixinstruct completions bash)")
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    guard let shell = CompletionShell(rawValue: try arguments.requiredString("SHELL")) else {
      return
    }
    session.write(shell.script(for: Program.definition))
  }
}
