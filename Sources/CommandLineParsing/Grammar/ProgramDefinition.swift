/// The whole program as a value: its verbs and what its help and manual say beside them.
package struct ProgramDefinition: Sendable {
  /// A name with what it means: an exit status, an environment variable.
  package struct Term: Sendable, Equatable {
    /// The status or the variable.
    package let name: String
    /// What it means.
    package let meaning: String

    /// A name with what it means.
    ///
    /// - Parameters:
    ///   - name: the status or the variable.
    ///   - meaning: what it means.
    package init(_ name: String, _ meaning: String) {
      self.name = name
      self.meaning = meaning
    }
  }

  /// The name that people type.
  package let name: String
  /// The version, such as `1.2.0`.
  package let version: String
  /// The day of the version as `YYYY-MM-DD`, for the manual.
  package let releaseDate: String
  /// What the program does, in one sentence.
  package let abstract: String
  /// What else there is to know; empty when there is nothing.
  package let discussion: String
  /// The verbs; help lists them under their groups, in this order.
  package let commands: [CommandDefinition]
  /// Command lines to try.
  package let examples: [CommandExample]
  /// The exit statuses.
  package let exitStatuses: [Term]
  /// The environment variables that are read.
  package let environment: [Term]

  /// A program.
  ///
  /// - Parameters:
  ///   - name: the name that people type.
  ///   - version: the version.
  ///   - releaseDate: the day of the version as `YYYY-MM-DD`.
  ///   - abstract: what the program does, in one sentence.
  ///   - discussion: what else there is to know.
  ///   - commands: the verbs.
  ///   - examples: command lines to try.
  ///   - exitStatuses: the exit statuses.
  ///   - environment: the environment variables that are read.
  package init(
    name: String, version: String, releaseDate: String, abstract: String,
    discussion: String = "", commands: [CommandDefinition], examples: [CommandExample] = [],
    exitStatuses: [Term] = [], environment: [Term] = []
  ) {
    self.name = name
    self.version = version
    self.releaseDate = releaseDate
    self.abstract = abstract
    self.discussion = discussion
    self.commands = commands
    self.examples = examples
    self.exitStatuses = exitStatuses
    self.environment = environment
  }

  /// What `--version` prints.
  package var versionLine: String { "\(name) \(version)" }

  /// The command at a path of verbs.
  ///
  /// - Parameter path: verbs below the program's name, such as `["collect", "plan"]`.
  /// - Returns: the command, or nil when there is none; the empty path names the program itself.
  package func command(at path: [String]) -> CommandDefinition? {
    path.reduce(root) { (command: CommandDefinition?, name) in command?.subcommand(name) }
  }

  /// The program itself in the form of a command.
  var root: CommandDefinition {
    CommandDefinition(
      name, abstract: abstract, discussion: discussion, subcommands: commands, examples: examples)
  }

  /// Every command with its path, in the order of help; parents come before their subcommands.
  package var allCommands: [(path: [String], command: CommandDefinition)] {
    func below(
      _ commands: [CommandDefinition], _ path: [String]
    ) -> [(path: [String], command: CommandDefinition)] {
      commands.flatMap { [(path + [$0.name], $0)] + below($0.subcommands, path + [$0.name]) }
    }
    return below(commands, [])
  }

  /// The headings of the list of verbs in the order of their first verbs.
  var groups: [(heading: String, elements: [CommandDefinition])] {
    grouped(commands, by: \.group)
  }
}

/// Elements under their headings, both in the order in which they first appear.
func grouped<Element>(
  _ elements: [Element], by heading: (Element) -> String
) -> [(heading: String, elements: [Element])] {
  var headings: [String] = []
  for element in elements where !headings.contains(heading(element)) {
    headings.append(heading(element))
  }
  return headings.map { name in (name, elements.filter { heading($0) == name }) }
}
