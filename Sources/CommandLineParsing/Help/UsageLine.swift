/// The short form of what a command takes.
enum UsageLine {
  /// The words after the command's name, such as `--store FILE`, `[OPTIONS]`, `FILE...`.
  static func parts(_ command: CommandDefinition) -> [String] {
    if !command.subcommands.isEmpty {
      return [command.defaultSubcommand == nil ? "COMMAND" : "[COMMAND]", "[OPTIONS]"]
    }
    let options = command.visibleOptions
    let required = options.filter { $0.defaultValue == .required }
    return required.map(\.label) + (required.count < options.count ? ["[OPTIONS]"] : [])
      + command.arguments.map(\.label)
  }
}
