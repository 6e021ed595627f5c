import CommandLineParsing
import DatasetStore
import Evaluation
import JSON
import Pipeline
import Records
import TerminalOutput

/// Checks a store, or files of records.
enum ValidateVerb: Verb {
  static let definition = CommandDefinition(
    "validate", abstract: "Check records, verdicts and splits; fails when something is found.",
    discussion: """
      Checks the form of every record (Schemas/mixinstruct.schema.json), references, duplicates, \
      leakage between splits, verdicts that contradict one another between orders or judges, \
      cycles of preferences, and missing models. Errors are broken things, warnings are things to \
      know. The exit status is 65 when anything is found that '--allow' does not name. With FILE, \
      MixInstruct files are checked as one dataset, without a store.
      With --against, judges are checked instead: how they agree with a ranker, with people or with \
      one another, pair by pair, both orders of a pair together (a ranker's mean logit, the mean of \
      verdicts otherwise), and what is suspicious: a ranker is sure and a judge says otherwise, or a \
      judge differs from whom it is compared with; the surest ranker comes first. Where something is \
      suspicious the status is 65, unless '--allow suspicious-judgment'.
      """,
    group: "Results",
    options: [
      .value(
        "store", "FILE", help: "The store, one SQLite file", short: "s",
        default: .described("files are read"), completion: .files),
      .value(
        "allow", "LIST",
        help: "Rules whose findings do not fail the check; 'warnings' stands for all warnings",
        repetition: .commaSeparated),
      .value("list", "N", help: "Findings listed of each rule", default: .value("20")),
      .value(
        "similar-prompts", "X",
        help: "Look for similar prompts in different splits as well, from this similarity on (0…1)"
      ),
      .value(
        "against", "WHO",
        help:
          "Check judges against 'ranker', 'human', 'judge' (prompted models and imported verdicts), or a judge's name"
      ),
      .value(
        "margin", "X",
        help:
          "With --against: a ranker is sure where its mean logit is beyond X, and sees a tie within",
        default: .value("0")),
      CommonOptions.json, CommonOptions.quiet,
    ],
    arguments: [
      ArgumentDefinition(
        "FILE", .any, help: "MixInstruct files; - is standard input", completion: .files)
    ],
    examples: [
      CommandExample("Check everything.", "mixinstruct validate --store my.db"),
      CommandExample(
        "Fail on broken data only, not on judges that contradict themselves.",
        "mixinstruct validate --store my.db --allow warnings"),
      CommandExample(
        "Judgments that a ranker is sure are wrong.",
        "mixinstruct validate --store my.db --against ranker --margin 1"),
      CommandExample(
        "Check files before they are imported.",
        "mixinstruct validate train_data.json test_data.json"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = ValidateStage()
    stage.listed = try arguments.requiredInt("list", in: 0...1_000_000)
    stage.nearDuplicates = try arguments.double("similar-prompts", in: 0.1...1)
    let allowed = arguments.list("allow")
    let files = arguments.list("FILE")
    let context = session.context(arguments, items: "examples")
    if let reference = arguments.string("against") {
      return try compareJudges(arguments, session, reference, context)
    }
    try LineFilter.refuse(["margin"], of: arguments, "needs '--against'")
    let findings: ValidationFindings
    if arguments.isGiven("store") {
      guard files.isEmpty else {
        throw arguments.refusal("Check either a store or files, not both.")
      }
      findings = try stage.run(on: try session.store(arguments, .read), context)
    } else {
      guard !files.isEmpty else {
        throw arguments.refusal("Name a store with '--store', or files to check.")
      }
      try LineFilter.refuse(["similar-prompts"], of: arguments, "needs '--store'")
      findings = try stage.run(onFiles: files, context)
    }
    session.endProgress()
    func isAllowed(_ rule: ValidationFindings.Rule) -> Bool {
      allowed.contains(rule.name) || (rule.severity == .warning && allowed.contains("warnings"))
    }
    if arguments.flag("json") {
      session.write(json(findings, isAllowed).json() + "\n")
    } else {
      show(findings, isAllowed, session)
    }
    if !findings.rules.allSatisfy(isAllowed) {
      session.exitStatus = Application.ExitStatus.badData
    }
  }

  private static func show(
    _ findings: ValidationFindings, _ isAllowed: (ValidationFindings.Rule) -> Bool,
    _ session: CommandSession
  ) {
    for rule in findings.rules {
      let label = isAllowed(rule) ? "allowed" : rule.severity.rawValue
      for finding in rule.listed {
        session.write("\(label): \(DisplayWidth.printable("\(finding)")) [\(rule.name)]\n")
      }
      if rule.count > rule.listed.count {
        session.write(
          "\(label): \(QuantityFormat.count(rule.count - rule.listed.count)) more [\(rule.name)]\n")
      }
    }
    let counts = findings.rules.map { "\(QuantityFormat.count($0.count)) \($0.name)" }
    session.message(
      "validate: \(QuantityFormat.count(findings.records)) examples, "
        + (counts.isEmpty ? "nothing found" : counts.joined(separator: ", ")))
  }

  private static func json(
    _ findings: ValidationFindings, _ isAllowed: (ValidationFindings.Rule) -> Bool
  ) -> JSONObject {
    func list(_ severity: ValidationFindings.Severity) -> JSONValue {
      .array(
        findings.rules.filter { $0.severity == severity }.flatMap(\.listed).map { finding in
          [
            "rule": .string(finding.rule), "file": finding.file.map { .string($0) } ?? .null,
            "location": finding.location.map { .string($0.description) } ?? .null,
            "record": finding.recordID.map { .string($0) } ?? .null,
            "message": .string(finding.message),
          ]
        })
    }
    var counts: JSONObject = [:]
    for rule in findings.rules { counts[rule.name] = .integer(Int64(rule.count)) }
    return [
      "valid": .bool(findings.rules.allSatisfy(isAllowed)),
      "examples": .integer(Int64(findings.records)), "counts": .object(counts),
      "errors": list(.error), "warnings": list(.warning),
    ]
  }
}
