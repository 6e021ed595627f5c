import CommandLineParsing
import DatasetStore
import Fusion
import JSON
import Pipeline
import ProcessSignals
import RecordFiles
import Records
import Reranking
import Tensors

/// Writes a better answer from the best candidates, over a store or over lines.
enum FuseVerb: Verb {
  static let definition = CommandDefinition(
    "fuse", abstract: "Write a better answer from the best candidates of each record.",
    discussion: """
      The fuser is GenFuser (gen_fuser_3b as on the hub) or another T5 that was trained on its \
      prompts. Without --store, reads MixInstruct records as lines and writes a line {"id", "text", \
      "ids"} for each; the best candidates are those of the record's "ranks", else those that \
      --ranker prefers, else the first ones. With --store, the order is that of --ranking, else of \
      --ranker, else of the ranking made last, else as the candidates come; a fusion becomes one \
      more candidate, with its parents, the fuser and the parameters in the field "fusion", so that \
      score, rank and judge treat it like any other. Fusions are never fused themselves, and what \
      was fused before is not fused again; other weights or parameters are another fuser. The \
      report compares fusions with their best parent, by the ranker and by the scores that the \
      store has of both, and tells how much of them is copied: run it again after scoring.
      """,
    group: "Candidates",
    options: [
      CommonOptions.storeOrLines,
      .value(
        "ranking", "NAME", help: "The ranking of the store that says which candidates are the best",
        default: .described("the ranker's order, or the ranking made last")),
      .value(
        "name", "NAME", help: "The model name that fusions are kept under",
        default: .described("the fuser's name with a hash of weights and parameters")),
      .flag(
        "keep-if-better", help: "Keep a fusion only if the ranker prefers it to its best parent"),
      CommonOptions.split, CommonOptions.wait, CommonOptions.quiet,
    ] + FuserArguments.options + LineFilter.options,
    examples: [
      CommandExample(
        "From the latest ranking of a store.",
        "mixinstruct fuse --store my.db --fuser llm-blender/gen_fuser_3b --precision bf16"),
      CommandExample(
        "Keep only what the ranker finds better.",
        """
        mixinstruct fuse --store my.db --fuser llm-blender/gen_fuser_3b \
        --ranker llm-blender/PairRM-hf --keep-if-better
        """),
      CommandExample(
        "Records of a file.",
        """
        mixinstruct fuse --fuser llm-blender/gen_fuser_3b --ranker llm-blender/PairRM-hf \
        --input test_data_prepared.jsonl > fused.jsonl
        """),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    let compute = try FuserArguments.compute(arguments)
    guard arguments.isGiven("store") else {
      try LineFilter.refuse(
        ["ranking", "name", "keep-if-better", "split", "wait"], of: arguments, "needs '--store'")
      // Lines are passed on as they come: there is no progress to be quiet about.
      _ = arguments.flag("quiet")
      return try runLines(arguments, session, compute)
    }
    try LineFilter.refuse(
      ["input", "output"], of: arguments, "works on lines and does not go with '--store'")
    let keepsOnlyBetter = arguments.flag("keep-if-better")
    if keepsOnlyBetter, !arguments.isGiven("ranker") {
      throw arguments.refusal("'--keep-if-better' needs '--ranker', which says what is better.")
    }
    let loaded = try FuserArguments.load(arguments, compute, session) {
      if session.interrupt.isRaised { throw StageError.stopped("what was finished is kept") }
    }
    let ranker = try FuserArguments.ranker(arguments, compute).map {
      FusionRanker($0.ranker, try $0.identity(session))
    }
    let ranking = arguments.string("ranking")
    let identity = try FuserIdentity(
      title: loaded.title, name: arguments.string("name"), folder: loaded.folder,
      fuser: loaded.fuser, topCount: loaded.topCount, order: ranking ?? ranker?.identity.name,
      isCancelled: { session.interrupt.isRaised })
    var stage = FuseStage(loaded.fuser, identity, topCount: loaded.topCount)
    stage.ranking = ranking
    stage.ranker = ranker
    stage.keepsOnlyBetter = keepsOnlyBetter
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments))
    session.finish(summary, arguments)
  }

  private static func runLines(
    _ arguments: ParsedArguments, _ session: CommandSession, _ compute: Compute
  ) throws {
    let input = try arguments.requiredString("input")
    func stop() throws {
      if session.interrupt.isRaised { throw RecordFileError.stopped(file: input) }
    }
    let loaded = try FuserArguments.load(arguments, compute, session, beforeStep: stop)
    let ranker = try FuserArguments.ranker(arguments, compute)?.ranker
    let fuser = loaded.fuser
    // Results come in the order of the lines.
    var ids: [JSONValue] = []
    var tokens = 0
    func line(_ outcome: GenFuser.Outcome) -> Result<JSONObject, any Error> {
      let id = ids.removeFirst()
      return outcome.map { fused in
        tokens += max(0, fused.ids.count - 1)
        return [
          "id": id, "text": .string(fused.text),
          "ids": .array(fused.ids.map { .integer(Int64($0)) }),
        ]
      }.mapError { $0 }
    }
    try LineFilter.run(arguments, session, isSlow: true) {
      ["tokens": .integer(Int64(tokens)), "precision": .string(fuser.precision.rawValue)]
    } prepare: { element -> (id: JSONValue, source: [Int]) in
      let example = try Example.read(element).example
      let ranks = try Parents.ranks(of: example) ?? ranker.map { try rank(example, $0, stop) }
      let parents = Parents.best(of: example, loaded.topCount, by: ranks)
      return (
        example.additionalFields["id"] ?? .string(example.id),
        try fuser.source(of: FusionInput(example, parents: parents))
      )
    } submit: { request, deliver in
      ids.append(request.id)
      try fuser.submit(request.source) { try deliver(line($0)) }
    } finish: { deliver in
      try fuser.finish { try deliver(line($0)) }
    }
  }

  /// The ranks of a record's candidates by a ranker.
  private static func rank(
    _ example: Example, _ ranker: Ranker, _ observe: () throws -> Void
  ) throws -> [Int] {
    let work = RankingRun.Work(RankingInput(example), .full(.maxLogits))
    return try ranker.rank([work], observe: observe)[0].ranked.ranks
  }
}
