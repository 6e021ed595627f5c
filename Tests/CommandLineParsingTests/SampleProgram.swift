import CommandLineParsing

/// A small program with every kind of option, argument and verb.
let sample = ProgramDefinition(
  name: "sampler", version: "1.2.0", releaseDate: "2026-11-24",
  abstract: "Sample records of every kind.",
  discussion: "One file holds everything.\nA second paragraph follows the first one.",
  commands: [
    CommandDefinition(
      "ingest", abstract: "Read raw sources.", group: "Data",
      options: [
        storeOption,
        .value(
          "format", "NAME", help: "What the files are", default: .described("found by content"),
          allowed: ["dolly", "alpaca", "sharegpt"]),
        .invertibleFlag("copy", isOnByDefault: true, help: "Keep a copy of each file"),
        quietOption,
      ],
      arguments: [
        ArgumentDefinition("FILE", .oneOrMore, help: "The files to read", completion: .files)
      ],
      examples: [
        CommandExample("Read two files.", "sampler ingest --store a.db dolly.jsonl 'my file.json'")
      ]),
    CommandDefinition(
      "metrics", abstract: "Score texts with metrics.",
      discussion: "Reads lines from standard input:\n  {\"candidate\": \"a\"}\n.Dots and 'quotes'.",
      group: "Scores",
      options: [
        .value(
          "metrics", "LIST", help: "The metrics to compute", short: "m",
          default: .value("rouge1,rougeL"), repetition: .commaSeparated,
          allowed: ["rouge1", "rouge2", "rougeL", "bleu"]),
        .flag("no-stemmer", help: "Compare whole words"),
        .value("seed", "N", help: "Where chance starts", short: "n", default: .value("42")),
        .value("penalty", "X", help: "What length costs; it may be negative"),
        .value("input", "FILE", help: "The file to read", short: "i", completion: .files),
        .value("model", "DIR", help: "A model's folder", completion: .folders),
        .value(
          "quota", "SOURCE=N", help: "The most records of a source. Others are unbounded",
          repetition: .repeated),
        quietOption,
        .flag("verbose", help: "Say more", short: "v"),
        .flag("trace", help: "Say everything", hidden: true),
      ]
        + [
          OptionDefinition.value("max-length", "N", help: "Tokens that are kept at most"),
          .value(
            "very-long-option-name-here", "VALUE",
            help: "A description that is long enough to be broken over several lines of the screen"),
        ].inGroup("Model"),
      arguments: [
        ArgumentDefinition("LEVEL", .optional, help: "How deep to look", allowed: ["low", "high"])
      ],
      examples: [
        CommandExample(
          "Score a file.", "cat a.jsonl | sampler metrics --metrics rouge1,bleu > scores.jsonl")
      ]),
    CommandDefinition(
      "collect", abstract: "Ask model servers.", group: "Data",
      subcommands: [
        CommandDefinition(
          "plan", abstract: "Say what would be asked.", options: [storeOption],
          examples: [CommandExample("Count the requests.", "sampler collect plan --store a.db")]),
        CommandDefinition("run", abstract: "Ask what is missing.", options: [storeOption]),
      ], defaultSubcommand: "run"),
    CommandDefinition(
      "show", abstract: "Show parts of the store.", group: "Scores",
      subcommands: [
        CommandDefinition(
          "record", abstract: "Show one record.", options: [storeOption],
          arguments: [ArgumentDefinition("ID", help: "The record's name")])
      ]),
  ],
  examples: [CommandExample("Start.", "sampler ingest --store a.db a.json")],
  exitStatuses: [.init("0", "Everything went well."), .init("64", "The command line is wrong.")],
  environment: [.init("NO_COLOR", "When set, nothing is coloured.")])

private let storeOption = OptionDefinition.value(
  "store", "FILE", help: "The store", short: "s", default: .required, completion: .files)
private let quietOption = OptionDefinition.flag("quiet", help: "Show no progress", short: "q")

/// The arguments of a command line of the sample program.
func arguments(_ words: String...) throws -> ParsedArguments {
  guard case .run(_, let arguments) = try sample.parse(words) else { throw NotRun() }
  return arguments
}

struct NotRun: Error {}
