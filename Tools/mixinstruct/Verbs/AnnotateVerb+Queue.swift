import Annotation
import AnnotationService
import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import RecordFiles
import Records
import TerminalOutput

extension AnnotateVerb {
  private static let queueName = ArgumentDefinition("NAME", help: "The queue's name")

  static let queueDefinition = CommandDefinition(
    "queue", abstract: "Make, list, open, pause and close queues of tasks.",
    subcommands: [
      CommandDefinition(
        "make", abstract: "Choose what people are asked.",
        discussion: """
          A queue of pairs asks which of two answers is better, one of ratings asks for 1 to 5 on \
          each '--criterion', one of rankings for an order of all answers. Pairs come in random \
          order, so that what is done at any time is a sample of them; 'disagreement' begins where \
          judges prefer different answers; 'uncertain' and 'conflict' are what 'select' chooses. No \
          task goes to more people than its overlap, and what is not answered in time goes to \
          others. Of equal texts, and of models that a record names twice, nothing is asked.
          """,
        options: [
          .value(
            "kind", "NAME", help: "What people are asked", default: .value("pair"),
            allowed: QueueKind.allCases.map(\.rawValue)),
          .value("overlap", "N", help: "How many people vote on each task", default: .value("3")),
          .value(
            "pairs", "NAME", help: "Which pairs, in which order", default: .value("all"),
            allowed: AnnotationQueueStage.Choice.allCases.map(\.rawValue)),
          .value(
            "pairs-file", "FILE", help: "Exactly these pairs, as 'select' writes them",
            completion: .files),
          .value(
            "count", "N", help: "At most so many tasks; of random order that is a sample",
            default: .described("all")),
          .value(
            "per-example", "N", help: "At most so many pairs of one example",
            default: .described("all")),
          .value(
            "answers", "N", help: "So many answers in a rating or ranking, drawn at random",
            default: .described("all")),
          .value(
            "model", "NAME", help: "Only answers of this model", default: .described("all"),
            repetition: .repeated),
          .value(
            "ranker", "NAME", help: "The ranker that 'uncertain' looks at",
            default: .described("the one with the most verdicts")),
          CommonOptions.split,
          .value("seed", "N", help: "Where chance begins", default: .value("1")),
          .value(
            "guidelines", "FILE", help: "How to judge, Markdown that people read first",
            completion: .files),
          .value(
            "criterion", "NAME=TEXT", help: "A line of the rubric for ratings",
            repetition: .repeated),
          .value(
            "lease-minutes", "N", help: "How long a person has for a task", default: .value("15")),
          .value(
            "quota", "N", help: "The most votes of one person", default: .described("no limit")),
          .value(
            "repeat-share", "X", help: "The share of tasks asked again, without a sign of it",
            default: .value("0")),
          .value(
            "repeat-gap", "N", help: "At least so many tasks between a task and its repeat",
            default: .value("10")),
          .value(
            "gold-share", "X", help: "The share of tasks whose answer is known",
            default: .value("0")),
          .value(
            "qualification", "N", help: "So many known items come first and must be passed",
            default: .described("none")),
          .value(
            "pass-mark", "X", help: "The share of them that must be right", default: .value("0.8")),
          .invertibleFlag(
            "feedback", isOnByDefault: true,
            help: "Tell people what was expected of a qualification item"),
          .flag("paused", help: "Give no tasks yet"),
        ] + CommonOptions.writing,
        arguments: [queueName],
        examples: [
          CommandExample(
            "Three people on each of 500 pairs, some asked again.",
            "mixinstruct annotate queue make helpful --store my.db --count 500 --repeat-share 0.05"),
          CommandExample(
            "Where judges disagree, first.",
            "mixinstruct annotate queue make disputed --store my.db --pairs disagreement --count 200"
          ),
          CommandExample(
            "Ratings by a rubric.",
            "mixinstruct annotate queue make rubric --store my.db --kind rating --answers 2 --criterion 'helpful=Does it do what was asked?' --criterion 'true=Is it right?'"
          ),
        ]),
      CommandDefinition(
        "list", abstract: "List the queues and how far they are.",
        options: [CommonOptions.store, CommonOptions.json],
        examples: [CommandExample("All queues.", "mixinstruct annotate queue list --store my.db")]),
      stateDefinition("open", "Let a queue give tasks."),
      stateDefinition("pause", "Let a queue give no tasks for now."),
      stateDefinition("close", "Let a queue give no tasks any more."),
    ])

  private static func stateDefinition(_ name: String, _ abstract: String) -> CommandDefinition {
    CommandDefinition(
      name, abstract: abstract,
      options: [CommonOptions.store, CommonOptions.wait, CommonOptions.json],
      arguments: [queueName],
      examples: [
        CommandExample(
          "At once, also while it is served.",
          "mixinstruct annotate queue \(name) helpful --store my.db")
      ])
  }

  static func runQueue(
    _ name: String?, _ arguments: ParsedArguments, _ session: CommandSession
  ) throws {
    switch name {
    case "make": try makeQueue(arguments, session)
    case "open": try setState(.open, arguments, session)
    case "pause": try setState(.paused, arguments, session)
    case "close": try setState(.closed, arguments, session)
    default: try listQueues(arguments, session)
    }
  }

  private static func makeQueue(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = AnnotationQueueStage(name: try arguments.requiredString("NAME"))
    stage.kind = arguments.string("kind").flatMap(QueueKind.init(rawValue:)) ?? .pair
    stage.overlap = try arguments.requiredInt("overlap", in: 1...1000)
    stage.choice =
      arguments.string("pairs").flatMap(AnnotationQueueStage.Choice.init(rawValue:)) ?? .all
    stage.file = arguments.string("pairs-file")
    stage.count = try arguments.int("count", in: 1...10_000_000)
    stage.perExample = try arguments.int("per-example", in: 1...100_000)
    stage.answers = try arguments.int("answers", in: 2...26)
    stage.models = arguments.list("model")
    stage.ranker = arguments.string("ranker")
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    stage.seed = try arguments.requiredInt("seed", in: 0...Int.max)
    stage.isOpen = !arguments.flag("paused")
    if let path = arguments.string("guidelines") {
      stage.guidelines = String(decoding: try FileContents.bytes(of: path), as: UTF8.self)
    }
    stage.criteria = try arguments.list("criterion").map { text in
      guard let mark = text.firstIndex(of: "="), mark != text.startIndex else {
        throw arguments.refusal("'\(text)' is no criterion: expected NAME=TEXT.")
      }
      return RatingCriterion(
        name: String(text[..<mark]), description: String(text[text.index(after: mark)...]))
    }
    stage.options = try options(arguments)
    try check(stage, arguments)
    let store = try session.store(arguments, .write)
    session.finish(
      try stage.run(on: store, session.context(arguments, items: "tasks")), arguments)
  }

  private static func options(_ arguments: ParsedArguments) throws -> QueueOptions {
    var options = QueueOptions()
    options.leaseSeconds = 60 * (try arguments.requiredInt("lease-minutes", in: 1...1440))
    options.quota = try arguments.int("quota", in: 1...10_000_000)
    options.repeatShare = try arguments.requiredDouble("repeat-share", in: 0...0.5)
    options.repeatGap = try arguments.requiredInt("repeat-gap", in: 1...100_000)
    options.goldShare = try arguments.requiredDouble("gold-share", in: 0...0.5)
    let passMark = try arguments.requiredDouble("pass-mark", in: 0...1)
    let givesFeedback = arguments.flag("feedback")
    if let items = try arguments.int("qualification", in: 1...1000) {
      options.qualification = QueueOptions.Qualification(
        items: items, passMark: passMark, givesFeedback: givesFeedback)
    }
    return options
  }

  /// Refuses what contradicts itself.
  private static func check(
    _ stage: AnnotationQueueStage, _ arguments: ParsedArguments
  ) throws {
    if stage.kind == .rating, stage.criteria.isEmpty {
      throw arguments.refusal("Ratings need '--criterion NAME=TEXT', once for each line.")
    }
    if stage.kind != .rating, !stage.criteria.isEmpty {
      throw arguments.refusal("'--criterion' is for '--kind rating'.")
    }
    if Set(stage.criteria.map(\.name)).count != stage.criteria.count {
      throw arguments.refusal("Two criteria have the same name.")
    }
    if stage.kind != .pair, arguments.isGiven("pairs") || stage.file != nil {
      throw arguments.refusal("'--pairs' and '--pairs-file' are for '--kind pair'.")
    }
    if stage.kind != .pair, stage.perExample != nil {
      throw arguments.refusal("'--per-example' is for '--kind pair': others have one task each.")
    }
    if stage.kind == .pair, stage.answers != nil {
      throw arguments.refusal("'--answers' is for ratings and rankings.")
    }
    if stage.file != nil, arguments.isGiven("pairs") {
      throw arguments.refusal("Give '--pairs' or '--pairs-file', not both.")
    }
    let isSelected = stage.choice == .uncertain || stage.choice == .conflict
    if isSelected, stage.count == nil {
      throw arguments.refusal("'--pairs \(stage.choice.rawValue)' needs '--count N'.")
    }
    if isSelected || stage.file != nil, stage.perExample != nil || !stage.models.isEmpty {
      throw arguments.refusal(
        "'--per-example' and '--model' are for '--pairs all' and '--pairs disagreement'.")
    }
    if stage.ranker != nil, stage.choice != .uncertain {
      throw arguments.refusal("'--ranker' is for '--pairs uncertain'.")
    }
    if stage.file != nil, stage.split != nil {
      throw arguments.refusal("'--split' does not go with '--pairs-file'.")
    }
  }

  private static func setState(
    _ state: QueueState, _ arguments: ParsedArguments, _ session: CommandSession
  ) throws {
    let name = try arguments.requiredString("NAME")
    try AnnotationDesk.setState(
      ofQueue: name, to: state, in: try session.store(arguments, .write))
    if arguments.flag("json") {
      session.writeSummary(["queue": .string(name), "state": .string(state.rawValue)])
    } else {
      session.message("annotate queue: '\(name)' is \(state.rawValue)")
    }
  }

  private static func listQueues(
    _ arguments: ParsedArguments, _ session: CommandSession
  ) throws {
    let report = try AnnotationDesk.report(on: try session.store(arguments, .read), queue: nil)
    if arguments.flag("json") {
      session.write(
        JSONObject.list("queues", report.queues.map { .object($0.overview.json) }).json() + "\n")
    } else {
      for line in AnnotationTables.queues(report).lines() { session.write(line + "\n") }
    }
  }
}

extension JSONObject {
  /// An object with a list as its only member.
  static func list(_ name: String, _ elements: [JSONValue]) -> JSONObject {
    var object = JSONObject()
    object[name] = .array(elements)
    return object
  }
}
