import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import RecordFiles
import Records
import TerminalOutput

/// Chooses the next pairs that are worth judging.
enum SelectVerb: Verb {
  private enum Form: String, CaseIterable {
    case lines
    case table
  }

  static let definition = CommandDefinition(
    "select", abstract: "Choose the next pairs worth judging, for 'judge --pairs'.",
    discussion: """
      'uncertain' chooses the pairs where the mean logit of a ranker in both orders is nearest to 0, \
      among those that no model, person or import has judged. 'conflict' chooses the pairs of which \
      judges and rankers prefer different candidates: first those where most are in the minority, \
      then those of which the ranker is surest. What one judge says in both orders is one voice; \
      labels of kind 'derived' are none. Pairs of equal texts are left out. Equal ones stay in the \
      order of the dataset.
      """,
    group: "Judging",
    options: [
      .value("budget", "N", help: "How many pairs", default: .required),
      .value(
        "strategy", "NAME", help: "What makes a pair worth judging", default: .value("uncertain"),
        allowed: SelectStage.Strategy.allCases.map(\.rawValue)),
      .value(
        "ranker", "NAME", help: "The ranker's name among the judges, or the beginning of it",
        default: .described("the one with the most verdicts")),
      CommonOptions.split,
      .value(
        "format", "NAME", help: "The form of what is written", default: .value("lines"),
        allowed: Form.allCases.map(\.rawValue)),
      .value(
        "output", "FILE", help: "Where to write", short: "o", default: .value("-"),
        completion: .files),
    ] + CommonOptions.reading,
    examples: [
      CommandExample(
        "The hundred pairs that a ranker is least certain of.",
        "mixinstruct select --store my.db --budget 100 --output to-judge.jsonl"),
      CommandExample(
        "Where judges and rankers are in conflict, for people to read.",
        "mixinstruct select --store my.db --budget 20 --strategy conflict --format table"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = SelectStage(budget: try arguments.requiredInt("budget", in: 1...10_000_000))
    stage.strategy =
      arguments.string("strategy").flatMap(SelectStage.Strategy.init(rawValue:)) ?? .uncertain
    stage.ranker = arguments.string("ranker")
    stage.split = arguments.string("split").flatMap(Split.init(rawValue:))
    let form = arguments.string("format").flatMap(Form.init(rawValue:)) ?? .lines
    let path = try arguments.requiredString("output")
    let isJSON = arguments.flag("json")
    let selection = try stage.run(
      on: try session.store(arguments, .read), session.context(arguments, items: "examples"))
    session.endProgress()
    let text = form == .lines ? lines(selection) : table(selection)
    if path == "-" { session.write(text) } else { try OutputFile.write(text, to: path) }
    if isJSON {
      session.writeSummary(
        [
          "strategy": .string(stage.strategy.rawValue),
          "ranker": selection.ranker.map { .string($0) } ?? .null,
          "eligible": .integer(Int64(selection.eligible)),
          "selected": .integer(Int64(selection.pairs.count)),
        ], besides: path)
    } else {
      session.message(
        "select: \(QuantityFormat.count(selection.pairs.count)) of "
          + "\(QuantityFormat.count(selection.eligible)) pairs, \(stage.strategy.rawValue)"
          + (selection.ranker.map { " by \($0)" } ?? ""))
    }
  }

  private static func lines(_ selection: SelectStage.Selection) -> String {
    selection.pairs.map { $0.json.json() + "\n" }.joined()
  }

  private static func table(_ selection: SelectStage.Selection) -> String {
    var table = TextTable([
      .text("Record"), .text("A"), .text("B"), .number("Logit"), .text("Prefer A"),
      .text("Prefer B"),
    ])
    for pair in selection.pairs {
      table.append(
        [
          pair.id, pair.modelA, pair.modelB,
          pair.logit.map { QuantityFormat.fixed($0, digits: 3) } ?? "",
          pair.votes.a.joined(separator: ", "), pair.votes.b.joined(separator: ", "),
        ].map { DisplayWidth.printable($0) })
    }
    return table.lines().map { $0 + "\n" }.joined()
  }
}
