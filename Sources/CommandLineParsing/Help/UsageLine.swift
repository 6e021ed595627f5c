/// The short form of what a command takes.
enum UsageLine {
  /// The words after the command's name, such as `--store FILE`, `[OPTIONS]`, `FILE...`.
  static func parts(_ command: CommandDefinition) -> [String] {
    let verbs = command.subcommands.map(\.name)
    let choice = verbs.count > 4 ? "COMMAND" : verbs.joined(separator: "|")
    if !verbs.isEmpty, command.defaultSubcommand == nil { return [choice, "[OPTIONS]"] }
    return (verbs.isEmpty ? [] : ["[\(choice)]"]) + ownParts(command.effective)
  }

  private static func ownParts(_ command: CommandDefinition) -> [String] {
    let options = command.visibleOptions
    let required = options.filter { $0.defaultValue == .required }
    return required.map(\.label) + (required.count < options.count ? ["[OPTIONS]"] : [])
      + command.arguments.map(\.label)
  }
}
