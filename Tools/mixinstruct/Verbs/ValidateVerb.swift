import CommandLineParsing
import DatasetStore
import JSON
import Pipeline
import Records
import TerminalOutput

/// Checks a store.
enum ValidateVerb: Verb {
  static let definition = CommandDefinition(
    "validate", abstract: "Check records, verdicts and splits; fails when something is broken.",
    discussion: """
      Errors are broken things: damage, repeated identifiers, prompts that stand in two splits. \
      Warnings are things to know: verdicts that contradict one another, cycles, missing models. \
      The exit status is 65 when there are errors.
      """,
    group: "Results",
    options: [
      .flag("strict", help: "Treat warnings as errors"),
      .value("list", "N", help: "Findings listed of each rule", default: .value("20")),
    ] + CommonOptions.reading,
    examples: [CommandExample("Check everything.", "mixinstruct validate --store my.db")])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = ValidateStage()
    stage.listed = try arguments.requiredInt("list", in: 0...1_000_000)
    let isStrict = arguments.flag("strict")
    let store = try session.store(arguments, .read)
    let result = try stage.run(on: store, session.context(arguments, items: "examples"))
    session.endProgress()
    if arguments.flag("json") {
      session.write(json(result).json() + "\n")
    } else {
      for finding in result.errors { session.write("error: \(finding) [\(finding.rule)]\n") }
      for finding in result.warnings { session.write("warning: \(finding) [\(finding.rule)]\n") }
      for (rule, count) in result.counts where count > stage.listed {
        session.write("\(rule): \(QuantityFormat.count(count)) in all, \(stage.listed) listed\n")
      }
      let counts = result.counts.map { "\(QuantityFormat.count($0.count)) \($0.rule)" }
      session.message(
        "validate: \(QuantityFormat.count(result.examples)) examples, "
          + (counts.isEmpty ? "nothing found" : counts.joined(separator: ", ")))
    }
    if !result.errors.isEmpty || (isStrict && !result.warnings.isEmpty) {
      session.exitStatus = Application.ExitStatus.badData
    }
  }

  private static func json(_ result: ValidateStage.Result) -> JSONObject {
    func list(_ findings: [Diagnostic]) -> JSONValue {
      .array(
        findings.map {
          [
            "rule": .string($0.rule), "record": $0.recordID.map { .string($0) } ?? .null,
            "message": .string($0.message),
          ]
        })
    }
    var counts: JSONObject = [:]
    for (rule, count) in result.counts { counts[rule] = .integer(Int64(count)) }
    return [
      "examples": .integer(Int64(result.examples)), "counts": .object(counts),
      "errors": list(result.errors), "warnings": list(result.warnings),
    ]
  }
}
