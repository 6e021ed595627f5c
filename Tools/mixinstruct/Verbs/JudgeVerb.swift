import CommandLineParsing
import DatasetStore
import Judging
import Pipeline
import Records

/// Asks models to judge pairs of candidates.
enum JudgeVerb: Verb {
  static let definition = CommandDefinition(
    "judge", abstract: "Let models judge pairs of candidates.",
    discussion: """
      Shows each pair of candidates in both orders and keeps every verdict with the order, the raw \
      answer and the parser. Answers that cannot be understood are kept and counted, never guessed; \
      'judge reparse' reads them again with another parser, without asking.
      """,
    group: "Judging",
    subcommands: [
      CommandDefinition(
        "plan", abstract: "Say what a run would ask and cost, without asking.",
        options: EndpointArguments.options + pairs + [CommonOptions.split]
          + CommonOptions.reading,
        examples: [
          CommandExample(
            "Count requests, tokens and dollars of ten pairs for each example.",
            "mixinstruct judge plan --store my.db --config judges.json --pairs 10")
        ]),
      CommandDefinition(
        "run", abstract: "Ask what was not judged yet.",
        options: EndpointArguments.options + pairs + [CommonOptions.split]
          + CommonOptions.writing,
        examples: [
          CommandExample(
            "Judge with a local server.",
            "mixinstruct judge --store my.db --endpoint http://127.0.0.1:8080 --model my-judge"),
          CommandExample(
            "Compare everything with one model, equal texts being ties that nobody is asked about.",
            "mixinstruct judge --store my.db --config judges.json --against vicuna-13b-1.1 --identical same-good"
          ),
          CommandExample(
            "Judge the pairs that a ranker is least certain of.",
            "mixinstruct select --store my.db --budget 100 > to-judge.jsonl && mixinstruct judge --store my.db --config judges.json --pairs to-judge.jsonl"
          ),
        ]),
      CommandDefinition(
        "reparse", abstract: "Read stored answers again with a parser, without asking.",
        options: [
          .value(
            "parser", "NAME", help: "The parser", default: .required,
            allowed: ReplyParser.allCases.map(\.rawValue)),
          .value("judge", "NAME", help: "Only this judge", default: .described("all")),
        ] + CommonOptions.writing,
        examples: [
          CommandExample(
            "Try another parser.", "mixinstruct judge reparse --store my.db --parser mt-bench")
        ]),
      CommandDefinition(
        "prompt", abstract: "Print a judge prompt that comes with the program, or their names.",
        arguments: [
          ArgumentDefinition(
            "NAME", .optional, help: "The prompt", allowed: JudgePrompt.builtinNames)
        ],
        examples: [
          CommandExample(
            "Start a prompt of one's own.",
            "mixinstruct judge prompt four-choice > my-judge.txt")
        ]),
    ], defaultSubcommand: "run")

  private static let pairs: [OptionDefinition] = [
    OptionDefinition.value(
      "prompt", "NAME|FILE", help: "A prompt that comes with the program, or a file",
      default: .value("four-choice"), completion: .files),
    .value(
      "pairs", "N|FILE",
      help:
        "How many pairs of each example, or a file with exactly the pairs to judge, as 'select' writes it",
      default: .described("all"), completion: .files),
    .value("against", "MODEL", help: "Only pairs with this model"),
    .value(
      "orders", "WHICH", help: "In which orders a pair is shown", default: .value("both"),
      allowed: PairSelector.Orders.allCases.map(\.rawValue)),
    .value(
      "identical", "POLICY",
      help:
        "What happens to a pair of equal texts: 'judge' asks about it like any other, 'skip' leaves it out, 'same-good' and 'same-bad' keep that tie under the judge derived:identical-texts",
      default: .value("judge"),
      allowed: PairSelector.IdenticalTexts.allCases.map(\.rawValue)),
    .value("seed", "N", help: "Where chance starts", default: .value("42")),
    .flag("retry-unparsed", help: "Ask again what could not be understood"),
  ].inGroup("Pairs")

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    switch arguments.commandPath.last {
    case "prompt":
      if let name = arguments.string("NAME") {
        session.write(JudgePrompt.builtinFile(name) ?? "")
      } else {
        for name in JudgePrompt.builtinNames { session.write(name + "\n") }
      }
    case "reparse":
      guard let parser = ReplyParser(rawValue: try arguments.requiredString("parser")) else {
        return
      }
      let judge = arguments.string("judge")
      let store = try session.store(arguments, .write)
      let summary = try JudgeStage.reparse(
        parser, judge: judge, on: store, session.context(arguments))
      session.finish(summary, arguments)
    case "plan":
      // A plan is made at once: there is nothing to show meanwhile.
      _ = arguments.flag("quiet")
      var stage = try stage(arguments, session)
      let store = try session.store(arguments, .read)
      try choosePairs(arguments, &stage, store)
      let plan = try stage.plan(on: store)
      PlanOutput.show(plan, asJSON: arguments.flag("json"), session)
    default:
      var stage = try stage(arguments, session)
      let store = try session.store(arguments, .write)
      try choosePairs(arguments, &stage, store)
      let summary = try stage.run(on: store, session.context(arguments, items: "verdicts"))
      session.finish(summary, arguments)
    }
  }

  private static func stage(
    _ arguments: ParsedArguments, _ session: CommandSession
  ) throws -> JudgeStage {
    var stage = JudgeStage(
      options: try EndpointArguments.read(arguments, session),
      prompt: try JudgeStage.prompt(try arguments.requiredString("prompt")))
    stage.selector.against = arguments.string("against")
    stage.selector.orders =
      arguments.string("orders").flatMap(PairSelector.Orders.init(rawValue:)) ?? .both
    stage.selector.identicalTexts =
      arguments.string("identical").flatMap(PairSelector.IdenticalTexts.init(rawValue:)) ?? .judge
    stage.selector.seed = UInt64(try arguments.requiredInt("seed", in: 0...))
    stage.retriesUnparsed = arguments.flag("retry-unparsed")
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    return stage
  }

  /// A number is how many pairs of each example, anything else a file of pairs.
  private static func choosePairs(
    _ arguments: ParsedArguments, _ stage: inout JudgeStage, _ store: Store
  ) throws {
    guard let text = arguments.string("pairs") else { return }
    if text.allSatisfy({ $0.isNumber || $0 == "-" }), text != "-" {
      guard let count = Int(text), count >= 1 else {
        throw arguments.refusal("The value '\(text)' of '--pairs' is no number from 1 on.")
      }
      stage.selector.amount = .count(count)
    } else {
      stage.selector.list = try PairListFile.read(text, for: store)
    }
  }
}
