import CommandLineParsing

/// Prints the manual page.
enum ManualVerb: Verb {
  static let definition = CommandDefinition(
    "manual", abstract: "Print the manual page in roff.", group: "Program",
    examples: [CommandExample("Read it.", "mixinstruct manual | man -l -")])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    session.write(ManualPage(program: Program.definition).text)
  }
}
