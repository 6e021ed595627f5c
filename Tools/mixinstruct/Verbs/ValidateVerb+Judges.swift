import CommandLineParsing
import DatasetStore
import Evaluation
import JSON
import Pipeline
import Records
import TerminalOutput

/// `validate --against`.
extension ValidateVerb {
  /// The rule of `--allow`.
  private static let rule = "suspicious-judgment"

  /// Compares the judges of a store.
  ///
  /// - Parameters:
  ///   - arguments: the command line.
  ///   - session: where results go.
  ///   - reference: whom the judges are compared with.
  ///   - context: who runs it.
  /// - Throws: `UsageError`, `StoreError`, `StageError`.
  static func compareJudges(
    _ arguments: ParsedArguments, _ session: CommandSession, _ reference: String,
    _ context: StageContext
  ) throws {
    guard arguments.list("FILE").isEmpty, arguments.isGiven("store") else {
      throw arguments.refusal("'--against' needs '--store', and no files.")
    }
    try LineFilter.refuse(
      ["similar-prompts"], of: arguments, "checks records and does not go with '--against'")
    var stage = JudgeComparisonStage(against: reference)
    stage.listed = try arguments.requiredInt("list", in: 0...1_000_000)
    stage.margin = try arguments.requiredDouble("margin", in: 0...1_000_000)
    let allowed = arguments.list("allow")
    let comparison = try stage.run(on: try session.store(arguments, .read), context)
    session.endProgress()
    let isValid =
      comparison.suspicionCount == 0 || allowed.contains(rule) || allowed.contains("warnings")
    if arguments.flag("json") {
      session.write(json(comparison, stage, isValid).json() + "\n")
    } else {
      show(comparison, isValid, session)
    }
    if !isValid { session.exitStatus = Application.ExitStatus.badData }
  }

  private static func show(
    _ comparison: JudgeComparison, _ isValid: Bool, _ session: CommandSession
  ) {
    let renderer = TextRenderer(width: Terminal.width(1))
    var tables: [ReportTable] = []
    if !comparison.agreements.isEmpty {
      tables.append(EvaluationReport.agreementTable(comparison.agreements))
    }
    tables += comparison.agreements.map(\.confusionTable)
    tables.append(EvaluationReport.judgeTable(comparison.judges))
    session.write(tables.map { renderer.text($0) }.joined(separator: "\n"))
    let label = isValid ? "allowed" : "warning"
    if !comparison.suspicions.isEmpty { session.write("\n") }
    for suspicion in comparison.suspicions {
      session.write(
        "\(label): \(DisplayWidth.printable("record \(suspicion.id): \(suspicion.message)")) "
          + "[\(rule)]\n")
    }
    let rest = comparison.suspicionCount - comparison.suspicions.count
    if rest > 0 { session.write("\(label): \(QuantityFormat.count(rest)) more [\(rule)]\n") }
    session.message(
      "validate: \(QuantityFormat.count(comparison.examples)) examples, "
        + (comparison.suspicionCount == 0
          ? "nothing found" : "\(QuantityFormat.count(comparison.suspicionCount)) \(rule)"))
  }

  private static func json(
    _ comparison: JudgeComparison, _ stage: JudgeComparisonStage, _ isValid: Bool
  ) -> JSONObject {
    [
      "valid": .bool(isValid), "against": .string(stage.reference),
      "margin": .double(stage.margin), "examples": .integer(Int64(comparison.examples)),
      "agreements": .array(
        comparison.agreements.map { agreement in
          var object = agreement.json.object ?? [:]
          object["confusion"] = agreement.confusionJSON
          object["decisive"] = .integer(Int64(agreement.decisive.total))
          object["same_winner"] = .integer(Int64(agreement.decisive.same))
          return .object(object)
        }),
      "judges": .array(comparison.judges.map(\.json)),
      "counts": [rule: .integer(Int64(comparison.suspicionCount))],
      "suspicious": .array(comparison.suspicions.map { .object($0.json) }),
    ]
  }
}
