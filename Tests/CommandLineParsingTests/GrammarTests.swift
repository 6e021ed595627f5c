import CommandLineParsing
import Testing

@Test func theSampleHasNoFaults() {
  #expect(sample.faults == [])
}

@Test func faultsOfAGrammarAreFound() {
  let program = ProgramDefinition(
    name: "p", version: "1", releaseDate: "2026-01-01", abstract: "Do.",
    commands: [
      CommandDefinition(
        "a", abstract: "no sentence",
        options: [
          .flag("x", help: "An x", short: "h"), .flag("x", help: ""),
          .value("list", "L", help: "A list", default: .value("c"), allowed: ["a b", "a"]),
          .value("bad name", "V", help: "A value", short: "1"),
        ],
        arguments: [
          ArgumentDefinition("MORE", .any, help: "more."), ArgumentDefinition("LAST", help: ""),
        ],
        examples: [CommandExample("Try.", "p a --y"), CommandExample("try", "q a")]),
      CommandDefinition("b", abstract: "B.", defaultSubcommand: "c"),
      CommandDefinition(
        "d", abstract: "D.", options: [.flag("x", help: "An x")],
        subcommands: [CommandDefinition("e", abstract: "E.")]),
    ])
  #expect(
    program.faults == [
      "the abstract of 'p a' is no sentence: 'no sentence'",
      "'p a' declares '--x' twice",
      "'p a' declares '-h' twice",
      "'p a': an argument follows '[MORE...]'",
      "'p a': a required argument follows '[MORE...]'",
      "'[MORE...]' of 'p a': the help is no phrase with a capital: 'more.'",
      "'LAST' of 'p a' has no help",
      "'--x' of 'p a' has no help",
      "'--list L' of 'p a': the value 'a b' cannot be completed by a shell",
      "'--list L' of 'p a': the default 'c' is not among the allowed values",
      "'--bad name V' of 'p a': a name has letters, digits and '-' only",
      "'--bad name V' of 'p a': '-1' is no letter",
      "example 'p a --y' of 'p a': Unknown option '--y'. Did you mean '--x'?",
      "the caption of example 'q a' of 'p a' is no sentence: 'try'",
      "example 'q a' of 'p a' does not call 'p'",
      "'p b' has no subcommand 'c' to be the default",
      "'p d' has subcommands, so its options belong to them",
    ])
}

@Test(arguments: [
  ("a b  c", [["a", "b", "c"]]), ("", []),
  ("a 'b c' \"d 'e'\" f\\ g", [["a", "b c", "d 'e'", "f g"]]),
  ("a | b > c < d 2>&1 e", [["a"], ["b", "e"]]),
  ("a \\\n  b; c && d &", [["a", "b"], ["c"], ["d"]]),
  ("a '' \"\" # rest", [["a", "", ""]]), ("a#b", [["a#b"]]), ("a \"\\$x\\n\"", [["a", "$x\\n"]]),
  ("a>b c 2> d", [["a", "c"]]),
])
func shellLinesAreTakenApart(line: String, commands: [[String]]) {
  #expect(ShellWords.commands(line) == commands)
}
