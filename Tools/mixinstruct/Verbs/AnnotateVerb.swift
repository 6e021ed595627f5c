import Annotation
import CommandLineParsing
import DatasetStore
import Pipeline
import Records

/// Lets people judge pairs, and looks after their work.
enum AnnotateVerb: Verb {
  static let definition = CommandDefinition(
    "annotate", abstract: "Let people judge answers on a web page, many at once.",
    discussion: """
      'annotate queue make' chooses what people are asked, 'annotate people add' makes their \
      personal links, 'annotate' serves the page, 'annotate publish' brings their verdicts into \
      the ledger that 'export', 'evaluate' and 'validate' read. Everything is kept: an undo or a \
      decision is a further row, and 'annotate audit' shows who did what. Other verbs can work on \
      the store while it is served.
      """,
    group: "Judging",
    subcommands: [
      serveDefinition, queueDefinition, peopleDefinition, itemsDefinition, reportDefinition,
      publishDefinition, auditDefinition,
    ], defaultSubcommand: "serve")

  private static let itemsDefinition = CommandDefinition(
    "items", abstract: "Add items whose answer is known to a queue.",
    discussion: """
      Gold items are mixed with a person's tasks without a sign ('queue make --gold-share' says how \
      often); items of purpose 'qualification' come first, and people must pass them. A line names \
      an example by 'id' and says the answer: 'model_a', 'model_b' and 'verdict' for pairs; \
      'ratings' by model and criterion; 'order' as lists of models, the best first. 'explanation' is \
      shown after a qualification item.
      """,
    options: [
      .value("queue", "NAME", help: "The queue", default: .required),
      .value(
        "purpose", "NAME", help: "What the items are for", default: .value("gold"),
        allowed: ["gold", "qualification"]),
    ] + CommonOptions.writing,
    arguments: [
      ArgumentDefinition("FILE", help: "JSON Lines, one item each", completion: .files)
    ],
    examples: [
      CommandExample(
        "Gold items for a queue.",
        "mixinstruct annotate items --store my.db --queue helpful gold.jsonl")
    ])

  private static let publishDefinition = CommandDefinition(
    "publish", abstract: "Bring people's verdicts into the ledger of verdicts.",
    discussion: """
      Each person becomes a judge 'person:NAME', and what people say together a judge \
      'people:POLICY', which '--judge' of other verbs takes. 'majority' is what more than half say, \
      'unanimous' what all say, two at least, 'adjudicated' what an administrator decided, elsewhere \
      what all say. Ratings and orders become verdicts on pairs. What was published before of the \
      same queues is replaced.
      """,
    options: [
      .value(
        "policy", "NAME", help: "How votes become one verdict", default: .required,
        allowed: PublishingPolicy.allCases.map(\.rawValue)),
      .value("queue", "NAME", help: "Only this queue", default: .described("all")),
    ] + CommonOptions.writing,
    examples: [
      CommandExample(
        "What most people say, and an export of it.",
        "mixinstruct annotate publish --store my.db --policy majority"),
      CommandExample(
        "Decisions where there are some.",
        "mixinstruct annotate publish --store my.db --policy adjudicated --queue helpful"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let path = arguments.commandPath.dropFirst(2)
    switch path.first {
    case "queue": try runQueue(path.last, arguments, session)
    case "people": try runPeople(path.last, arguments, session)
    case "items": try addItems(arguments, session)
    case "report": try report(arguments, session)
    case "publish": try publish(arguments, session)
    case "audit": try audit(arguments, session)
    default: try serve(arguments, session)
    }
  }

  private static func addItems(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = AnnotationItemStage(
      queue: try arguments.requiredString("queue"), file: try arguments.requiredString("FILE"))
    stage.purpose = arguments.string("purpose").flatMap(TaskPurpose.init(rawValue:)) ?? .gold
    let summary = try stage.run(
      on: try session.store(arguments, .write), session.context(arguments, items: "items"))
    session.finish(summary, arguments)
  }

  private static func publish(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let policy = try arguments.requiredString("policy")
    var stage = AnnotationPublishStage(policy: PublishingPolicy(rawValue: policy) ?? .majority)
    stage.queue = arguments.string("queue")
    let summary = try stage.run(
      on: try session.store(arguments, .write), session.context(arguments, items: "verdicts"))
    session.finish(summary, arguments)
  }
}
