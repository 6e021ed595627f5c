import CommandLineParsing
import Evaluation
import Judging
import Pipeline

/// The options by which reports and exports choose verdicts and say what they are worth.
enum VerdictArguments {
  /// What `--orders` takes when each order counts as a verdict of its own.
  private static let eachOrder = "each"

  static let options: [OptionDefinition] = [
    OptionDefinition.value(
      "judge", "NAME", help: "Only verdicts of this judge",
      repetition: .repeated),
    .value(
      "weight", "JUDGE=X",
      help:
        "How much a verdict of a judge counts, or of a kind of judge: llm, human, ranker, metric, imported, derived; 0 leaves it out",
      repetition: .repeated),
    orders,
    .value(
      "ties", "NAME", help: "What ties are worth", default: .value("reference"),
      allowed: TiePolicy.allCases.map(\.rawValue)),
  ].inGroup("Verdicts")

  /// How two presentation orders combine, which lines of records have as well.
  private static let orders = OptionDefinition.value(
    "orders", "NAME", help: "How a judge's verdicts on a pair in both orders combine",
    default: .value(eachOrder), allowed: [eachOrder] + OrderCombination.allCases.map(\.rawValue))

  /// The options as values.
  ///
  /// - Parameter arguments: the command line.
  /// - Returns: whose verdicts count, and what ties are worth.
  /// - Throws: `UsageError` for a weight that is none.
  static func read(
    _ arguments: ParsedArguments
  ) throws -> (selection: JudgeSelection, ties: TiePolicy) {
    var selection = JudgeSelection()
    selection.names = arguments.list("judge")
    for text in arguments.list("weight") {
      // Names of judges may hold '=', numbers do not.
      guard let place = text.lastIndex(of: "="),
        let weight = Double(text[text.index(after: place)...]), weight.isFinite, weight >= 0
      else {
        throw arguments.refusal(
          "The value '\(text)' of '--weight' is not JUDGE=X, such as derived=0.5.")
      }
      selection.weights.append((String(text[..<place]), weight))
    }
    selection.orders = arguments.string("orders").flatMap(OrderCombination.init(rawValue:))
    return (selection, arguments.string("ties").flatMap(TiePolicy.init(rawValue:)) ?? .reference)
  }
}
