/// What can follow one path of verbs: the source of the completion scripts of every shell.
struct CompletionContext {
  /// The verbs, empty for the program itself.
  let path: [String]
  /// The verbs that can follow, with what they do.
  let verbs: [(name: String, abstract: String)]
  let options: [OptionDefinition]
  let arguments: [ArgumentDefinition]

  /// Whether only the program's own `--help`, `--version` and `help` can follow.
  var isRoot: Bool { path.isEmpty }

  /// The contexts of a program: the program itself, then every command.
  static func all(_ program: ProgramDefinition) -> [CompletionContext] {
    let root = CompletionContext(
      path: [],
      verbs: program.commands.map { ($0.name, $0.abstract) } + [
        ("help", "Show help about a command.")
      ], options: [], arguments: [])
    return [root]
      + program.allCommands.map { path, command in
        // Without a subcommand's name, the options of the default one can follow.
        let effective = command.effective
        return CompletionContext(
          path: path, verbs: command.subcommands.map { ($0.name, $0.abstract) },
          options: effective.visibleOptions, arguments: effective.arguments)
      }
  }

  /// The words that a positional argument can be.
  var argumentWords: [String] {
    arguments.flatMap { argument -> [String] in
      if case .values(let words) = argument.completion { return words }
      return []
    }
  }

  var takesFiles: Bool { arguments.contains { $0.completion == .files } }
  var takesFolders: Bool { arguments.contains { $0.completion == .folders } }
}

extension OptionDefinition {
  /// The first sentence of the help, which is what a shell has room for.
  var summary: String {
    guard let end = help.utf8.firstIndex(of: UInt8(ascii: ".")) else { return help }
    let rest = help[help.index(after: end)...]
    return rest.isEmpty || rest.hasPrefix(" ") ? String(help[..<end]) : help
  }
}
