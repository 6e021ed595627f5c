/// One verb of the program as a value; parsing, help, completion and manual all come from it.
///
/// ```swift
/// CommandDefinition(
///   "export", abstract: "Write the dataset in the form that a trainer reads.", group: "Results",
///   options: [
///     .value("store", "FILE", help: "the store", default: .required, completion: .files),
///     .value("split", "NAME", help: "the part to write", allowed: ["train", "dev", "test"]),
///   ],
///   examples: [CommandExample("Write the test part.", "export --store a.db --split test")])
/// ```
package struct CommandDefinition: Sendable {
  /// The verb.
  package let name: String
  /// What it does, in one sentence.
  package let abstract: String
  /// What else there is to know: paragraphs, one a line; empty when there is nothing.
  package let discussion: String
  /// The heading in the list of verbs.
  package let group: String
  /// The options.
  package let options: [OptionDefinition]
  /// The positional arguments in their order.
  package let arguments: [ArgumentDefinition]
  /// The verbs below this one.
  package let subcommands: [CommandDefinition]
  /// The subcommand that is meant when none is named; nil when one must be named.
  package let defaultSubcommand: String?
  /// Command lines to try.
  package let examples: [CommandExample]

  /// A verb.
  ///
  /// A command with subcommands has no options and arguments of its own: they belong to the
  /// subcommands.
  ///
  /// - Parameters:
  ///   - name: the verb.
  ///   - abstract: what it does, in one sentence.
  ///   - discussion: what else there is to know.
  ///   - group: the heading in the list of verbs.
  ///   - options: the options.
  ///   - arguments: the positional arguments in their order.
  ///   - subcommands: the verbs below this one.
  ///   - defaultSubcommand: the subcommand that is meant when none is named.
  ///   - examples: command lines to try.
  package init(
    _ name: String, abstract: String, discussion: String = "", group: String = "",
    options: [OptionDefinition] = [], arguments: [ArgumentDefinition] = [],
    subcommands: [CommandDefinition] = [], defaultSubcommand: String? = nil,
    examples: [CommandExample] = []
  ) {
    self.name = name
    self.abstract = abstract
    self.discussion = discussion
    self.group = group
    self.options = options
    self.arguments = arguments
    self.subcommands = subcommands
    self.defaultSubcommand = defaultSubcommand
    self.examples = examples
  }

  func subcommand(_ name: String) -> CommandDefinition? {
    subcommands.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// The command whose options follow when no subcommand is named: the default one, or this one.
  var effective: CommandDefinition {
    defaultSubcommand.flatMap(subcommand)?.effective ?? self
  }

  /// The options that people are told about.
  var visibleOptions: [OptionDefinition] { options.filter { !$0.isHidden } }
}
