import CommandLineParsing
import DatasetStore
import Pipeline
import Records

/// Fills missing judgments from a ranker.
enum LabelVerb: Verb {
  static let definition = CommandDefinition(
    "label", abstract: "Fill pairs that nobody judged with what a ranker's logits say.",
    discussion: """
      The mean of a ranker's logits in both orders decides, the swapped one negated: beyond the \
      margin the better candidate wins, within it the pair is a tie. Labels are verdicts of a judge \
      of their own, of kind 'derived', whose details name the ranker and the margin. A pair that a \
      model, a person, an import or another rule has judged gets none; nothing is replaced. Pairs \
      that the ranker compared in one order only are left out.
      """,
    group: "Judging",
    options: [
      .value(
        "from", "RANKER",
        help:
          "The ranker's name among the judges, or the beginning of it; of several the one with the most verdicts",
        default: .required),
      .value(
        "margin", "X", help: "What the mean logit must exceed for a winner", default: .value("0")),
      .value(
        "tie", "KIND",
        help: "Which tie is kept: a ranker does not know whether both are good or bad",
        default: .value("same-good"), allowed: ["same-good", "same-bad"]),
      CommonOptions.split,
    ] + CommonOptions.writing,
    examples: [
      CommandExample(
        "Fill what no judge has seen; small margins are ties.",
        "mixinstruct label --store my.db --from PairRM-hf --margin 0.5"),
      CommandExample(
        "Count such labels half as much as verdicts.",
        "mixinstruct evaluate --store my.db --weight derived=0.5"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = LabelStage(
      ranker: try arguments.requiredString("from"),
      margin: try arguments.requiredDouble("margin", in: 0...1_000_000))
    stage.tie = arguments.string("tie") == "same-bad" ? .sameBad : .sameGood
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    let store = try session.store(arguments, .write)
    let summary = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.finish(summary, arguments)
  }
}
