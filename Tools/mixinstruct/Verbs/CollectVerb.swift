import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import Records
import TerminalOutput

/// Asks models for candidate answers.
enum CollectVerb: Verb {
  static let definition = CommandDefinition(
    "collect", abstract: "Collect candidate answers from model servers.",
    discussion: """
      Asks every model for every example that has no answer of it. Each answer is committed to the \
      store before it counts; a run that was stopped or killed goes on with what is missing. Keys \
      come from the environment or from files, never from the command line.
      """,
    group: "Candidates",
    subcommands: [
      CommandDefinition(
        "plan", abstract: "Say what a run would ask and cost, without asking.",
        options: EndpointArguments.options + [CommonOptions.split] + CommonOptions.reading,
        examples: [
          CommandExample(
            "Count requests, tokens and dollars.",
            "mixinstruct collect plan --store my.db --config models.json")
        ]),
      CommandDefinition(
        "run", abstract: "Ask what is missing.",
        options: EndpointArguments.options + [CommonOptions.split] + CommonOptions.writing,
        examples: [
          CommandExample(
            "Ask the models of a file.", "mixinstruct collect --store my.db --config models.json"),
          CommandExample(
            "Ask one local server.",
            "mixinstruct collect --store my.db --endpoint http://127.0.0.1:8080 --model my-model"),
        ]),
    ], defaultSubcommand: "run")

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = CollectStage(options: try EndpointArguments.read(arguments, session))
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    if arguments.commandPath.last == "plan" {
      // A plan is made at once: there is nothing to show meanwhile.
      _ = arguments.flag("quiet")
      let rows = try stage.plan(on: try session.store(arguments, .read))
      show(rows, asJSON: arguments.flag("json"), session)
      return
    }
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments, items: "answers"))
    session.finish(summary, arguments)
  }

  private static func show(
    _ rows: [CollectStage.PlanRow], asJSON: Bool, _ session: CommandSession
  ) {
    if asJSON {
      let list: JSONValue = .array(
        rows.map {
          [
            "model": .string($0.model), "requests": .integer(Int64($0.requests)),
            "prompt_tokens": .integer(Int64($0.promptTokens)),
            "completion_tokens_at_most": .integer(Int64($0.completionTokens)),
            "usd_at_most": $0.usd.map { .double($0) } ?? .null,
            "seconds_at_least": $0.seconds.map { .double($0) } ?? .null,
          ]
        })
      session.write(list.json() + "\n")
      return
    }
    var table = TextTable([
      .text("Model"), .number("Requests"), .number("Prompt tokens"), .number("Answer tokens"),
      .number("US dollars"), .number("Time at limits"),
    ])
    for row in rows {
      table.append([
        row.model, QuantityFormat.count(row.requests), "~" + QuantityFormat.count(row.promptTokens),
        "<= " + QuantityFormat.count(row.completionTokens),
        row.usd.map { "<= " + QuantityFormat.fixed($0, digits: 2) } ?? "no price",
        row.seconds.map { QuantityFormat.duration($0) } ?? "no limits",
      ])
    }
    for line in table.lines() { session.write(line + "\n") }
  }
}
