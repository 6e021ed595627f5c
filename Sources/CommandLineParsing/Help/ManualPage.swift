internal import TerminalOutput

/// The manual page of a program, for `man`.
///
/// Source: https://man.openbsd.org/man.7
package struct ManualPage {
  private let program: ProgramDefinition

  /// A page.
  ///
  /// - Parameter program: the grammar.
  package init(program: ProgramDefinition) {
    self.program = program
  }

  /// The page in the `man` macros of roff.
  package var text: String {
    var lines = [".\\\" Made by '\(program.name) manual'."]
    lines.append(
      ".TH \(program.name.uppercased()) 1 \"\(program.releaseDate)\" \"\(program.versionLine)\"")
    lines += [".SH NAME", "\(escaped(program.name)) \\- \(escaped(lowercased(program.abstract)))"]
    lines += [".SH SYNOPSIS", ".B \(escaped(program.name))", ".I COMMAND", "[OPTIONS]"]
    if !program.discussion.isEmpty { lines += [".SH DESCRIPTION"] + text(program.discussion) }
    for group in program.groups {
      let heading = group.heading.isEmpty ? "COMMANDS" : group.heading.uppercased()
      lines.append(".SH \(quoted(heading))")
      for command in group.elements { lines += section(command, [command.name]) }
    }
    lines += [".SH GENERAL OPTIONS"]
    lines += term("\\fB\\-h\\fR, \\fB\\-\\-help\\fR", "Show help about the program or a command")
    lines += term("\\fB\\-\\-version\\fR", "Show the version")
    lines += terms("ENVIRONMENT", program.environment)
    lines += terms("EXIT STATUS", program.exitStatuses)
    lines += examples(program.examples, heading: ".SH EXAMPLES")
    return lines.joined(separator: "\n") + "\n"
  }

  private func section(_ command: CommandDefinition, _ path: [String]) -> [String] {
    let usage = ([program.name] + path + UsageLine.parts(command)).joined(separator: " ")
    var lines = [".SS \(quoted(path.joined(separator: " ")))"]
    lines += text(command.abstract) + [".PP", ".B \(quoted(usage))"]
    if !command.discussion.isEmpty { lines += [".PP"] + text(command.discussion) }
    for argument in command.arguments {
      lines += term("\\fI\(escaped(argument.name))\\fR", HelpPhrase.text(argument))
    }
    for option in command.visibleOptions { lines += term(label(option), HelpPhrase.text(option)) }
    lines += examples(command.examples, heading: nil)
    return lines + command.subcommands.flatMap { section($0, path + [$0.name]) }
  }

  private func label(_ option: OptionDefinition) -> String {
    let names = option.spellings.map { "\\fB\(escaped($0))\\fR" }.joined(separator: ", ")
    guard case .value(let valueName) = option.kind else { return names }
    return "\(names) \\fI\(escaped(valueName))\\fR"
  }

  private func terms(_ heading: String, _ terms: [ProgramDefinition.Term]) -> [String] {
    guard !terms.isEmpty else { return [] }
    return [".SH \(quoted(heading))"]
      + terms.flatMap { term("\\fB\(escaped($0.name))\\fR", $0.meaning) }
  }

  private func term(_ label: String, _ description: String) -> [String] {
    [".TP", label] + text(description)
  }

  private func examples(_ examples: [CommandExample], heading: String?) -> [String] {
    guard !examples.isEmpty else { return [] }
    let blocks = examples.map { example in
      text(example.caption)
        + [".PP", ".RS 4", ".nf", line(example.commandLine), ".fi", ".RE"]
    }
    return (heading.map { [$0] } ?? [".PP", "Examples:", ".PP"]) + blocks.joined(separator: [".PP"])
  }

  /// Paragraphs, one a line; a line that starts with a space stands as it is.
  private func text(_ text: String) -> [String] {
    var lines: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: true) {
      if !lines.isEmpty { lines.append(".PP") }
      let wrapped = TextWrapping.lines(String(paragraph), width: 78).map(line)
      lines += paragraph.hasPrefix(" ") ? [".nf"] + wrapped + [".fi"] : wrapped
    }
    return lines
  }

  /// A line of text, which must not be taken for a request.
  private func line(_ text: String) -> String {
    text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + escaped(text) : escaped(text)
  }

  private func quoted(_ text: String) -> String {
    "\""
      + escaped(text).split(separator: "\"", omittingEmptySubsequences: false)
      .joined(separator: "\\(dq") + "\""
  }

  /// Backslashes written as such, and dashes that can be copied as minus signs. Where a terminal
  /// has no Unicode, roff knows no ellipsis and leaves it out with a warning.
  private func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "\\": result += "\\e"
      case "-": result += "\\-"
      case "…": result += "..."
      default: result.append(character)
      }
    }
  }

  /// The abstract as manual indexes want it: no capital and no full stop.
  private func lowercased(_ sentence: String) -> String {
    let start = sentence.prefix(1).lowercased() + sentence.dropFirst()
    return start.hasSuffix(".") ? String(start.dropLast()) : start
  }
}
