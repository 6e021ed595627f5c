/// Reads a command line by a program's grammar.
struct CommandLineParser {
  let program: ProgramDefinition

  /// Reads the words after the program's name.
  func parse(_ words: [String]) throws(UsageError) -> ParsedCommandLine {
    var command = program.root
    var path: [String] = []
    var rest = words[...]
    while !command.subcommands.isEmpty {
      guard let word = rest.first else {
        guard let name = command.defaultSubcommand, let next = command.subcommand(name) else {
          return .help(path: path)
        }
        (command, path) = (next, path + [name])
        continue
      }
      if let next = command.subcommand(word) {
        (command, path) = (next, path + [word])
        rest = rest.dropFirst()
        continue
      }
      if word == "--help" || word == "-h" { return .help(path: path) }
      if path.isEmpty {
        if word == "--version" { return .version }
        if word == "help" { return try helpTopic(rest.dropFirst()) }
      }
      if let name = command.defaultSubcommand, let next = command.subcommand(name),
        word.hasPrefix("-") || !next.arguments.isEmpty
      {
        (command, path) = (next, path + [name])
        continue
      }
      throw unknown(word, in: command, path)
    }
    if asksForHelp(rest) { return .help(path: path) }
    var reader = ArgumentReader(command: command, commandPath: [program.name] + path)
    return .run(path: path, arguments: try reader.read(rest))
  }

  private func unknown(
    _ word: String, in command: CommandDefinition, _ path: [String]
  ) -> UsageError {
    let commandPath = [program.name] + path
    guard word.hasPrefix("-") else {
      let names = command.subcommands.map(\.name)
      return UsageError(
        commandPath: commandPath,
        fact: .unknownCommand(
          word, suggestion: SpellingSuggestion.closest(to: word, among: names)))
    }
    let name = String(word.prefix { $0 != "=" })
    let belongsToSubcommand = program.allCommands.contains { entry in
      entry.path.starts(with: path)
        && entry.command.options.contains { $0.spellings.contains(name) }
    }
    let suggestion = SpellingSuggestion.closest(
      to: name, among: path.isEmpty ? ["--help", "--version"] : ["--help"])
    return UsageError(
      commandPath: commandPath,
      fact: belongsToSubcommand
        ? .optionBeforeCommand(name) : .unknownOption(name, suggestion: suggestion))
  }

  /// `help`, `help VERB`, `help VERB SUBVERB`.
  private func helpTopic(_ words: ArraySlice<String>) throws(UsageError) -> ParsedCommandLine {
    var path: [String] = []
    for word in words where word != "--help" && word != "-h" {
      guard let parent = program.command(at: path) else { break }
      guard parent.subcommand(word) != nil else { throw unknown(word, in: parent, path) }
      path.append(word)
    }
    return .help(path: path)
  }

  /// Help is shown wherever it is asked for, also when the rest of the line is wrong.
  private func asksForHelp(_ words: ArraySlice<String>) -> Bool {
    words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
  }
}

extension ProgramDefinition {
  /// Reads a command line.
  ///
  /// - Parameter words: the words after the program's name.
  /// - Returns: what is asked for.
  /// - Throws: ``UsageError`` when the words do not follow the grammar.
  package func parse(_ words: [String]) throws(UsageError) -> ParsedCommandLine {
    try CommandLineParser(program: self).parse(words)
  }
}
