import CommandLineParsing
import TerminalOutput
import Testing

struct ErrorCase: Sendable, CustomTestStringConvertible {
  let words: [String]
  let message: String
  let hint: String
  var testDescription: String { words.joined(separator: " ") }

  init(_ line: String, _ message: String, see hint: String) {
    words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    self.message = message
    self.hint = hint
  }
}

private let cases = [
  ErrorCase(
    "metrcis", "Unknown command 'metrcis'. Did you mean 'metrics'?", see: "sampler"),
  ErrorCase("xyz", "Unknown command 'xyz'.", see: "sampler"),
  ErrorCase("help ingst", "Unknown command 'ingst'. Did you mean 'ingest'?", see: "sampler"),
  ErrorCase(
    "help collect pln", "Unknown command 'pln'. Did you mean 'plan'?", see: "sampler collect"),
  ErrorCase("collect pla", "Unknown command 'pla'. Did you mean 'plan'?", see: "sampler collect"),
  ErrorCase(
    "show records", "Unknown command 'records'. Did you mean 'record'?", see: "sampler show"),
  ErrorCase(
    "--store a ingest",
    "Option '--store' stands before the command: write it after the command's name.",
    see: "sampler"),
  ErrorCase("--versoin", "Unknown option '--versoin'. Did you mean '--version'?", see: "sampler"),
  ErrorCase("--xyzzy", "Unknown option '--xyzzy'.", see: "sampler"),
  ErrorCase(
    "metrics --verbos", "Unknown option '--verbos'. Did you mean '--verbose'?",
    see: "sampler metrics"),
  ErrorCase(
    "metrics --qiuet=1", "Unknown option '--qiuet'. Did you mean '--quiet'?",
    see: "sampler metrics"),
  ErrorCase(
    "metrics --max", "Unknown option '--max'. Did you mean '--max-length'?", see: "sampler metrics"),
  ErrorCase(
    "metrics --stemmer", "Unknown option '--stemmer'. Did you mean '--no-stemmer'?",
    see: "sampler metrics"),
  ErrorCase("metrics --traces", "Unknown option '--traces'.", see: "sampler metrics"),
  ErrorCase("metrics -x", "Unknown option '-x'.", see: "sampler metrics"),
  ErrorCase("metrics -qx", "Unknown option '-x'.", see: "sampler metrics"),
  ErrorCase(
    "metrics -penalty 1", "Unknown option '-penalty'. Did you mean '--penalty'?",
    see: "sampler metrics"),
  ErrorCase("metrics --input", "Missing value for '--input FILE'.", see: "sampler metrics"),
  ErrorCase("metrics -i", "Missing value for '--input FILE'.", see: "sampler metrics"),
  ErrorCase(
    "metrics --input --quiet",
    "Missing value for '--input FILE'. If the value is '--quiet', write '--input=--quiet'.",
    see: "sampler metrics"),
  ErrorCase(
    "metrics --quiet=yes", "Option '--quiet' takes no value, but was given 'yes'.",
    see: "sampler metrics"),
  ErrorCase(
    "ingest --no-copy=1", "Option '--no-copy' takes no value, but was given '1'.",
    see: "sampler ingest"),
  ErrorCase(
    "metrics -q=1", "Option '--quiet' takes no value, but was given '1'.", see: "sampler metrics"),
  ErrorCase(
    "metrics --input a -i b", "Option '--input FILE' takes one value, but was given 'a' and 'b'.",
    see: "sampler metrics"),
  ErrorCase("ingest a.json", "Missing option '--store FILE'.", see: "sampler ingest"),
  ErrorCase("ingest --store a", "Missing argument 'FILE...'.", see: "sampler ingest"),
  ErrorCase("show record -s a", "Missing argument 'ID'.", see: "sampler show record"),
  ErrorCase(
    "show record -s a b c", "Unexpected argument 'c'.", see: "sampler show record"),
  ErrorCase(
    "ingest -s a f --format dolyl",
    "The value 'dolyl' is not one of those for '--format NAME': dolly, alpaca, sharegpt. "
      + "Did you mean 'dolly'?", see: "sampler ingest"),
  ErrorCase(
    "metrics --metrics bleu,x",
    "The value 'x' is not one of those for '--metrics LIST': rouge1, rouge2, rougeL, bleu.",
    see: "sampler metrics"),
  ErrorCase(
    "metrics lo", "The value 'lo' is not one of those for 'LEVEL': low, high. Did you mean 'low'?",
    see: "sampler metrics"),
]

@Test(arguments: cases) func theMessageSaysWhatToDo(_ example: ErrorCase) {
  let error = #expect(throws: UsageError.self) { try sample.parse(example.words) }
  #expect(error?.description == example.message)
  #expect(error?.hint == "See '\(example.hint) --help'.")
}

private func message(_ read: () throws -> Void) -> String? {
  (#expect(throws: UsageError.self) { try read() })?.description
}

@Test func numbersAreChecked() throws {
  func seed(_ text: String) throws -> Int? {
    try arguments("metrics", "--seed=\(text)").int("seed", in: 0...)
  }
  for text in ["x", "", "1.5", "1e3", "0x10", " 1", "1_000", "٣"] {
    #expect(
      message { _ = try seed(text) }
        == "The value '\(text)' for '--seed N' is not a whole number.")
  }
  #expect(
    message { _ = try seed("-1") }
      == "The value '-1' for '--seed N' is out of bounds: expected 0 or more.")
  #expect(
    message { _ = try seed("99999999999999999999") }
      == "The value '99999999999999999999' for '--seed N' is out of bounds: expected 0 or more.")
  for text in ["x", "", "nan", "inf", "0x1p3", "1e999", "1,5"] {
    #expect(
      message { _ = try arguments("metrics", "--penalty=\(text)").double("penalty") }
        == "The value '\(text)' for '--penalty X' is not a number.")
  }
}

@Test func boundsAreSaidInWords() throws {
  let given = try arguments("metrics", "--penalty=-3", "--seed=7")
  func double(_ range: some RangeExpression<Double> & Sendable) -> String? {
    message { _ = try given.double("penalty", in: range) }
  }
  let start = "The value '-3' for '--penalty X' is out of bounds: expected "
  #expect(double(0...1) == start + "from 0.0 to 1.0.")
  #expect(double(0..<1) == start + "at least 0.0, less than 1.0.")
  #expect(double(0.5...) == start + "0.5 or more.")
  #expect(double(...(-4)) == start + "-4.0 or less.")
  #expect(double(..<(-3)) == start + "less than -3.0.")
  #expect(double(.leastNonzeroMagnitude...) == start + "more than 0.")
  #expect(double(.leastNonzeroMagnitude...1) == start + "more than 0, at most 1.0.")
  #expect(
    message { _ = try given.requiredInt("seed", in: 1...5) }
      == "The value '7' for '--seed N' is out of bounds: expected from 1 to 5.")
}

@Test func requiredValuesAreNamed() throws {
  let given = try arguments("metrics")
  #expect(message { _ = try given.requiredString("input") } == "Missing option '--input FILE'.")
  #expect(message { _ = try given.requiredInt("max-length") } == "Missing option '--max-length N'.")
  #expect(message { _ = try given.requiredDouble("penalty") } == "Missing option '--penalty X'.")
  #expect(message { _ = try given.requiredList("quota") } == "Missing option '--quota SOURCE=N'.")
  #expect(message { _ = try given.requiredString("LEVEL") } == "Missing argument 'LEVEL'.")
}

@Test func theReportNamesTheErrorAndTheHelp() throws {
  let error = try arguments("metrics").refusal("Give --input or --model, not both.")
  #expect(
    error.report(style: .plain)
      == "Error: Give --input or --model, not both.\nSee 'sampler metrics --help'.\n")
  #expect(
    error.report(style: TerminalStyle(isDecorated: true)).hasPrefix("\u{1B}[1;31mError:\u{1B}[0m "))
  #expect(UsageError.exitStatus == 64)
}

@Test func controlCharactersDoNotReachTheTerminal() {
  let error = UsageError(
    commandPath: ["a"], fact: .unknownCommand("\u{1B}[2J\n", suggestion: nil))
  #expect(error.description == "Unknown command '\\u{1B}[2J\\n'.")
}
