package import TerminalOutput

/// The help of the program or of one command, laid out for a terminal.
package struct HelpScreen {
  private let program: ProgramDefinition
  private let width: Int
  private let style: TerminalStyle

  /// The column where descriptions start.
  private static let descriptionColumn = 28
  /// Lines longer than this are hard to read, however wide the terminal is.
  private static let widestLine = 100

  /// A layout.
  ///
  /// - Parameters:
  ///   - program: the grammar.
  ///   - width: the columns of the terminal; lines take 50 to 100 of them.
  ///   - style: how headings are decorated.
  package init(program: ProgramDefinition, width: Int, style: TerminalStyle) {
    self.program = program
    self.width = min(Self.widestLine, max(50, width))
    self.style = style
  }

  /// The help screen for a path of verbs.
  ///
  /// - Parameter path: the verbs; empty for the program itself.
  /// - Returns: the lines with their line ends, or nil when there is no such command.
  package func text(path: [String]) -> String? {
    guard let command = program.command(at: path) else { return nil }
    var sections: [[String]] = [TextWrapping.lines(command.abstract, width: width)]
    sections.append(section("USAGE", usage(command, path)))
    if !command.discussion.isEmpty {
      sections.append(TextWrapping.lines(command.discussion, width: width))
    }
    sections += path.isEmpty ? commandList() : []
    if !path.isEmpty, !command.subcommands.isEmpty {
      sections.append(section("COMMANDS", command.subcommands.flatMap { row($0, in: command) }))
    }
    let effective = command.effective
    if !effective.arguments.isEmpty {
      let rows = effective.arguments.flatMap { row($0.label, HelpPhrase.text($0)) }
      sections.append(section("ARGUMENTS", rows))
    }
    sections += options(effective, path)
    sections += examples(
      command.examples + (path.isEmpty ? [] : command.subcommands.flatMap(\.examples)))
    if path.isEmpty {
      sections += terms("ENVIRONMENT", program.environment)
      sections += terms("EXIT STATUS", program.exitStatuses)
    }
    if !command.subcommands.isEmpty {
      let name = (["help"] + path + ["COMMAND"]).joined(separator: " ")
      sections.append(["Run '\(program.name) \(name)' for what a command takes."])
    }
    return sections.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
  }

  private func section(_ heading: String, _ lines: [String]) -> [String] {
    [style.bold(heading)] + lines
  }

  private func usage(_ command: CommandDefinition, _ path: [String]) -> [String] {
    let name = ([program.name] + path).joined(separator: " ")
    let parts = UsageLine.parts(command)
    var lines: [String] = []
    var line = "  \(name)"
    for part in parts {
      if DisplayWidth.columns(line) + 1 + DisplayWidth.columns(part) > width {
        lines.append(line)
        line = DisplayWidth.spaces(6) + part
      } else {
        line += " " + part
      }
    }
    return lines + [line]
  }

  private func commandList() -> [[String]] {
    program.groups.map { group in
      let heading = group.heading.isEmpty ? "COMMANDS" : group.heading.uppercased()
      return section(heading, group.elements.flatMap { row($0.name, $0.abstract) })
    }
  }

  private func row(_ command: CommandDefinition, in parent: CommandDefinition) -> [String] {
    let isDefault = parent.defaultSubcommand == command.name
    return row(command.name, command.abstract + (isDefault ? " (default)" : ""))
  }

  private func options(_ command: CommandDefinition, _ path: [String]) -> [[String]] {
    var groups = grouped(command.visibleOptions, by: { $0.group ?? "" })
    // The general options come first, and help is always one of them.
    let general = groups.firstIndex { $0.heading.isEmpty }.map { groups.remove(at: $0).elements }
    var rows = (general ?? []).flatMap { row(optionLabel($0), HelpPhrase.text($0)) }
    if path.isEmpty { rows += row("    --version", "Show the version") }
    rows += row("-h, --help", "Show this help")
    return [section("OPTIONS", rows)]
      + groups.map { group in
        let rows = group.elements.flatMap { row(optionLabel($0), HelpPhrase.text($0)) }
        return section("\(group.heading.uppercased()) OPTIONS", rows)
      }
  }

  private func optionLabel(_ option: OptionDefinition) -> String {
    let short = option.short.map { "-\($0), " } ?? "    "
    if case .invertibleFlag = option.kind { return "\(short)--[no-]\(option.name)" }
    return short + option.label
  }

  private func row(_ label: String, _ description: String) -> [String] {
    let column = Self.descriptionColumn
    let wrapped = TextWrapping.lines(description, width: width - column)
    let start = "  \(label)"
    let indented = wrapped.map { DisplayWidth.spaces(column) + $0 }
    guard DisplayWidth.columns(start) + 2 <= column, let first = wrapped.first else {
      return [start] + indented
    }
    let gap = DisplayWidth.spaces(column - DisplayWidth.columns(start))
    return [start + gap + first] + indented.dropFirst()
  }

  private func examples(_ examples: [CommandExample]) -> [[String]] {
    guard !examples.isEmpty else { return [] }
    // Captions are shell comments and nothing is wrapped, so that a screen can be pasted.
    let lines = examples.flatMap { ["  # \($0.caption)", "  \($0.commandLine)"] }
    return [section("EXAMPLES", lines)]
  }

  private func terms(_ heading: String, _ terms: [ProgramDefinition.Term]) -> [[String]] {
    terms.isEmpty ? [] : [section(heading, terms.flatMap { row($0.name, $0.meaning) })]
  }
}
