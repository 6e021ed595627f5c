/// A shell that completion scripts can be made for.
package enum CompletionShell: String, Sendable, CaseIterable {
  /// The Bourne-again shell, 4.4 or later.
  case bash
  /// The Z shell.
  case zsh
  /// The friendly interactive shell, 3 or later.
  case fish

  /// The script that completes a program's command lines.
  ///
  /// - Parameter program: the grammar.
  /// - Returns: the script, with a line end.
  package func script(for program: ProgramDefinition) -> String {
    switch self {
    case .bash: BashCompletion(program: program).script
    case .zsh: ZshCompletion(program: program).script
    case .fish: FishCompletion(program: program).script
    }
  }
}
