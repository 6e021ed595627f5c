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
      .value(
        "store", "FILE", help: "The store, one SQLite file", short: "s",
        default: .described("lines are read"), completion: .files),
      .value(
        "policy", "NAME", help: "How verdicts become ranks", default: .value("max-logits"),
        allowed: AggregationPolicy.allCases.map(\.rawValue)),
      .value(
        "ties", "NAME", help: "What ties are worth", default: .value("reference"),
        allowed: TiePolicy.allCases.map(\.rawValue)),
      .value("judge", "NAME", help: "Only verdicts of this judge", default: .described("all")),
      CommonOptions.wait, CommonOptions.json, CommonOptions.quiet,
    ] + LineFilter.options,
    examples: [
      CommandExample("Rank in the store.", "mixinstruct aggregate --store my.db"),
      CommandExample(
        "Rank records of a file.",
        "mixinstruct aggregate --policy bradley-terry --input test.jsonl > ranks.jsonl"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let policy = AggregationPolicy(rawValue: try arguments.requiredString("policy")) ?? .maxLogits
    let ties = TiePolicy(rawValue: try arguments.requiredString("ties")) ?? .reference
    if arguments.isGiven("store") {
      var stage = AggregateStage()
      stage.policy = policy
      stage.ties = ties
      stage.judge = arguments.string("judge")
      let store = try session.store(arguments, .write)
      let summary = try stage.run(on: store, session.context(arguments, items: "examples"))
      session.finish(summary, arguments)
      return
    }
    try LineFilter.run(arguments, session) { element in
      let reading = try Example.read(element)
      if let finding = reading.findings.first { throw finding }
      let models = reading.example.candidates.map(\.model)
      let result = policy.aggregate(models: models, verdicts: reading.example.verdicts, ties: ties)
      return [
        "id": .string(reading.example.id), "models": .array(models.map { .string($0) }),
        "scores": .array(result.scores.map { .double($0) }),
        "ranks": .array(result.ranks.map { .integer(Int64($0)) }),
      ]
    }
  }
}
