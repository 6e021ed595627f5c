import CommandLineParsing
import DatasetStore
import ModelEndpoints
import Pipeline
import Records

/// Asks models for candidate answers.
enum CollectVerb: Verb {
  static let definition = CommandDefinition(
    "collect", abstract: "Collect candidate answers from model servers.",
    discussion: """
      Asks every model for every example that has no answer of it. Each answer is committed to the \
      store before it counts; a run that was stopped or killed goes on with what is missing. Keys \
      come from the environment or from files, never from the command line; answers that have none \
      yet, or failed, are asked for, and the journal answers what was asked before.
      """,
    group: "Candidates",
    subcommands: [
      CommandDefinition(
        "plan", abstract: "Say what a run would ask and cost, without asking.",
        options: EndpointArguments.options + DecodingArguments.options + [CommonOptions.split]
          + CommonOptions.reading,
        examples: [
          CommandExample(
            "Count requests, tokens and dollars.",
            "mixinstruct collect plan --store my.db --config models.json")
        ]),
      CommandDefinition(
        "run", abstract: "Ask what is missing.",
        options: EndpointArguments.options + DecodingArguments.options + [CommonOptions.split]
          + CommonOptions.writing,
        examples: [
          CommandExample(
            "Ask the models of a file.", "mixinstruct collect --store my.db --config models.json"),
          CommandExample(
            "Ask one local server.",
            "mixinstruct collect --store my.db --endpoint http://127.0.0.1:8080 --model my-model"),
          CommandExample(
            "Ask a base model for completions of Alpaca's prompt.",
            "mixinstruct collect --store my.db --endpoint http://127.0.0.1:8000 --model llama-7b --api openai-completions --template alpaca --max-tokens 256 --temperature 0.7 --top-p 0.95"
          ),
        ]),
      CommandDefinition(
        "template", abstract: "Print a prompt template of text completions, or their names.",
        arguments: [
          ArgumentDefinition(
            "NAME", .optional, help: "The template", allowed: PromptTemplate.builtInNames)
        ],
        examples: [
          CommandExample(
            "Start a template of one's own.",
            "mixinstruct collect template vicuna > my-template.txt")
        ]),
    ], defaultSubcommand: "run")

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    if arguments.commandPath.last == "template" {
      if let name = arguments.string("NAME") {
        session.write(PromptTemplate.builtIn(name) ?? "")
      } else {
        for name in PromptTemplate.builtInNames { session.write(name + "\n") }
      }
      return
    }
    let decoding = try DecodingArguments.read(arguments)
    var stage = CollectStage(
      options: try EndpointArguments.read(arguments, session, decoding: decoding))
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    if arguments.commandPath.last == "plan" {
      // A plan is made at once: there is nothing to show meanwhile.
      _ = arguments.flag("quiet")
      let plan = try stage.plan(on: try session.store(arguments, .read))
      PlanOutput.show(plan, asJSON: arguments.flag("json"), session)
      return
    }
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments, items: "answers"))
    session.finish(summary, arguments)
  }
}
