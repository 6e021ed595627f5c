import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import ProcessSignals
import RecordFiles
import Records
import Reranking

/// Ranks candidates with a trained ranker, over a store or over lines.
enum RankVerb: Verb {
  static let definition = CommandDefinition(
    "rank", abstract: "Rank the candidates of each record with a trained ranker.",
    discussion: """
      Rankers are PairRanker (PairRM as on the hub, or LLM-Blender's own checkpoints with \
      --backbone), SummaReranker, SimCLS, reward models for sequence classification, and masked \
      language models by pseudo-log-likelihood. With --store, each ordered pair is compared once \
      and kept as a verdict of the ranker with its logit, ranks are kept as a ranking, and a run \
      that was stopped goes on where it was; other weights or settings are another ranker. Reports \
      count a ranker's verdicts only where --judge names it. Without --store, reads MixInstruct \
      records as lines and writes a line {"id", "scores", "ranks"} for each, in full mode with the \
      matrix of "logits": row i, column j is above 0 when candidate i is better than j.
      With --budget or --top-k each candidate is first compared with its neighbours; then, again \
      and again, the pair is compared that tells most about the least certain order at the border \
      of the best one or the best K, until the budget is used up or all is clear.
      """,
    group: "Judging",
    options: [
      CommonOptions.storeOrLines,
      .value(
        "name", "NAME", help: "The name that the ranking is kept under in the store",
        default: .described("made of the ranker and the mode")),
      CommonOptions.split,
      .value(
        "batch-size", "N",
        help:
          "How many lines are ranked together; in the collator's form the longest source among them decides how candidates are cut. In a store each record is by itself",
        default: .value("8")),
      CommonOptions.wait, CommonOptions.quiet,
    ] + RankerArguments.options + RankingArguments.options + LineFilter.options,
    examples: [
      CommandExample(
        "All pairs, kept in the store.",
        "mixinstruct rank --store my.db --ranker llm-blender/PairRM-hf --precision bf16"),
      CommandExample(
        "Only what is needed to find the best three, and how often that is right.",
        "mixinstruct rank --store my.db --ranker llm-blender/PairRM-hf --top-k 3 --check"),
      CommandExample(
        "Records of a file, with a checkpoint of LLM-Blender.",
        "mixinstruct rank --ranker ./pairranker --backbone microsoft/deberta-v3-large --input test.jsonl > ranks.jsonl"
      ),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let hasStore = arguments.isGiven("store")
    if hasStore {
      try LineFilter.refuse(
        ["input", "output", "batch-size"], of: arguments,
        "works on lines and does not go with '--store'")
    } else {
      try LineFilter.refuse(
        ["name", "split", "wait", "check"], of: arguments, "needs '--store'")
    }
    let folder = try RankerArguments.folder(arguments)
    let plan = try RankingArguments.plan(arguments, folder.kind)
    let loaded = try RankerArguments.load(folder, arguments)
    guard hasStore else {
      // Lines are passed on as they come: there is no progress to be quiet about.
      _ = arguments.flag("quiet")
      return try runLines(arguments, session, loaded.ranker, plan)
    }
    var stage = RankStage(loaded.ranker, try loaded.identity(session), plan)
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    stage.name = arguments.string("name")
    stage.isChecked = arguments.flag("check")
    let store = try session.store(arguments, .write)
    let summary = try stage.run(
      on: store,
      session.context(arguments, items: folder.kind.isPairwise ? "pairs" : "scores"))
    session.finish(summary, arguments)
  }

  private static func runLines(
    _ arguments: ParsedArguments, _ session: CommandSession, _ ranker: Ranker,
    _ plan: RankingPlan
  ) throws {
    let input = try arguments.requiredString("input")
    var pairs = 0
    var time = Duration.zero
    try LineFilter.runBatches(
      arguments, session, size: try arguments.requiredInt("batch-size", in: 1...4096),
      details: {
        var details: JSONObject = ["seconds": .double(time / .seconds(1))]
        if case .pairwise = ranker { details["pairs"] = .integer(Int64(pairs)) }
        return details
      }
    ) { element -> (Example, RankingRun.Work) in
      let example = try Example.read(element).example
      return (example, try plan.work(for: example))
    } _: { items in
      let start = ContinuousClock.now
      let results = try ranker.rank(items.map(\.1)) {
        if session.interrupt.isRaised { throw RecordFileError.stopped(file: input) }
      }
      time += ContinuousClock.now - start
      for case let (_, known?) in results {
        pairs += known.count * max(0, known.count - 1) - known.missing.count
      }
      return zip(items, results).map { item, result in
        let ranked = plan.ranked(result.ranked, of: item.0)
        var object: JSONObject = [
          "id": item.0.additionalFields["id"] ?? .string(item.0.id),
          "scores": .array(ranked.scores.map { .double($0) }),
          "ranks": .array(ranked.ranks.map { .integer(Int64($0)) }),
        ]
        if plan.mode.isFull, let known = result.known {
          object["logits"] = .array(known.rows.map { .array($0.map { .double($0) }) })
        }
        return object
      }
    }
  }
}
