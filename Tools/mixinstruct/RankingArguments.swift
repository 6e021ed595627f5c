import CommandLineParsing
import Pipeline
import Records
import Reranking

/// The options by which `rank` says which pairs are compared.
enum RankingArguments {
  static let options: [OptionDefinition] = [
    OptionDefinition.value(
      "mode", "NAME",
      help:
        "Which pairs are compared: all ('full'), passes of neighbours that carry the better one along ('bubble'), all candidates with one of them ('reference')",
      default: .value("full"), allowed: ["full", "bubble", "reference"]),
    .value(
      "aggregate", "NAME", help: "How the full matrix becomes scores",
      default: .value("max-logits"), allowed: PairwiseScoring.allCases.map(\.rawValue)),
    .value(
      "passes", "N", help: "How many passes bubble mode makes: they find the best N",
      default: .value("1")),
    .value(
      "select", "WHICH", help: "Whom the passes of bubble mode find", default: .value("best"),
      allowed: BubbleSelection.Choice.allCases.map(\.rawValue)),
    .value(
      "reference", "NAME",
      help: "The candidate that all are compared with in reference mode; 'output' is the record's",
      default: .value("longest"), allowed: references),
    .value(
      "reference-model", "NAME", help: "The model whose candidate all are compared with",
      default: .described("the --reference")),
    .value(
      "budget", "N", help: "The most comparisons of a record, each in both orders",
      default: .described("as many as the mode takes")),
    .value(
      "top-k", "K", help: "Compare until it is clear who is best and who are the best K",
      default: .described("all pairs; with --budget, 3")),
    .flag("check", help: "Compute the full matrix as well, and tell how often a budget is right"),
  ].inGroup("Comparisons")

  private static let references = ReferenceChoice.named.map(\.key) + ["output"]

  /// The options as a plan.
  ///
  /// - Parameters:
  ///   - arguments: the command line.
  ///   - kind: the kind of ranker: one that scores candidates alone has nothing to choose.
  /// - Returns: the plan.
  /// - Throws: `UsageError`.
  static func plan(_ arguments: ParsedArguments, _ kind: RankerKind) throws -> RankingPlan {
    guard kind.isPairwise else {
      try LineFilter.refuse(
        options.map(\.name), of: arguments, "is for rankers that compare pairs")
      return RankingPlan(.full(.maxLogits))
    }
    let mode = try arguments.requiredString("mode")
    func refuse(_ names: [String], unless needed: String) throws {
      if mode != needed {
        try LineFilter.refuse(names, of: arguments, "is for '--mode \(needed)'")
      }
    }
    try refuse(["aggregate", "budget", "top-k", "check"], unless: "full")
    try refuse(["passes", "select"], unless: "bubble")
    try refuse(["reference", "reference-model"], unless: "reference")
    let scoring =
      PairwiseScoring(rawValue: try arguments.requiredString("aggregate")) ?? .maxLogits
    var bubble = BubbleSelection()
    bubble.passCount = try arguments.requiredInt("passes", in: 1...1 << 20)
    bubble.choice =
      BubbleSelection.Choice(rawValue: try arguments.requiredString("select")) ?? .best
    var adaptive = AdaptiveRanking()
    adaptive.budget = try arguments.int("budget", in: 1...1 << 30)
    let topCount = try arguments.int("top-k", in: 1...1 << 20)
    adaptive.topCount = topCount ?? adaptive.topCount
    let isAdaptive = adaptive.budget != nil || topCount != nil
    if isAdaptive, scoring != .maxLogits {
      throw arguments.refusal("'--budget' and '--top-k' estimate the scores of max-logits alone.")
    }
    if arguments.flag("check"), !isAdaptive {
      throw arguments.refusal("'--check' goes with '--budget' or '--top-k'.")
    }
    let reference = try reference(arguments)
    switch mode {
    case "bubble": return RankingPlan(.bubble(bubble))
    case "reference": return RankingPlan(.reference(.longest), reference: reference)
    default: return RankingPlan(isAdaptive ? .adaptive(adaptive) : .full(scoring))
    }
  }

  private static func reference(
    _ arguments: ParsedArguments
  ) throws -> RankingPlan.Reference {
    let name = try arguments.requiredString("reference")
    if let model = arguments.string("reference-model") {
      if arguments.isGiven("reference") {
        throw arguments.refusal("'--reference' and '--reference-model' exclude each other.")
      }
      return .model(model)
    }
    guard let choice = ReferenceChoice.named.first(where: { $0.key == name })?.value else {
      return .output
    }
    return .choice(choice)
  }
}
