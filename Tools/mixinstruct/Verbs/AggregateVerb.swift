import CommandLineParsing
import DatasetStore
import Evaluation
import JSON
import Pipeline
import Records

/// Turns verdicts into ranks, over a store or over lines.
enum AggregateVerb: Verb {
  static let definition = CommandDefinition(
    "aggregate", abstract: "Turn the verdicts on each example into ranks.",
    discussion: """
      With --store, ranks are kept in the store. Without it, reads MixInstruct records with \
      cmp_results as lines and writes a line {"id", "models", "scores", "ranks"} for each.
      """,
    group: "Judging",
    options: [
      CommonOptions.storeOrLines,
      .value(
        "policy", "NAME", help: "How verdicts become ranks", default: .value("max-logits"),
        allowed: AggregationPolicy.allCases.map(\.rawValue)),
      .value(
        "name", "NAME", help: "The name that the ranking is kept under in the store",
        default: .described("made of the policy and the judges")),
      CommonOptions.wait, CommonOptions.quiet,
    ] + VerdictArguments.options + LineFilter.options,
    examples: [
      CommandExample("Rank in the store.", "mixinstruct aggregate --store my.db"),
      CommandExample(
        "Rank by one judge, and only where both orders agree.",
        "mixinstruct aggregate --store my.db --judge imported --orders agree-or-tie"),
      CommandExample(
        "Rank records of a file.",
        "mixinstruct aggregate --policy bradley-terry --input test.jsonl > ranks.jsonl"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = AggregateStage()
    stage.policy = AggregationPolicy(rawValue: try arguments.requiredString("policy")) ?? .maxLogits
    (stage.selection, stage.ties) = try VerdictArguments.read(arguments)
    if arguments.isGiven("store") {
      try LineFilter.refuse(
        ["input", "output"], of: arguments, "works on lines and does not go with '--store'")
      stage.name = arguments.string("name")
      let store = try session.store(arguments, .write)
      let summary = try stage.run(on: store, session.context(arguments, items: "examples"))
      session.finish(summary, arguments)
      return
    }
    try LineFilter.refuse(
      ["name", "judge", "weight", "wait"], of: arguments, "needs '--store'")
    // Lines are passed on as they come: there is no progress to be quiet about.
    _ = arguments.flag("quiet")
    try LineFilter.run(arguments, session) { element in
      // Ranks come of verdicts alone; nobody needs to know what was asked.
      let reading = try Example.read(element, needsPrompt: false)
      if let finding = reading.findings.first { throw finding }
      let result = stage.aggregate(reading.example)
      return [
        "id": .string(reading.example.id),
        "models": .array(reading.example.candidates.map { .string($0.model) }),
        "scores": .array(result.scores.map { .double($0) }),
        "ranks": .array(result.ranks.map { .integer(Int64($0)) }),
      ]
    }
  }
}
