import CommandLineParsing
import DatasetStore
import JSON
import Mixing
import Pipeline
import TerminalOutput

/// Tells what was dropped, why, and what another threshold would drop.
enum ExplainVerb: Verb {
  static let definition = CommandDefinition(
    "explain", abstract: "Tell what was dropped on the way into the dataset, and why.",
    discussion: """
      Lists the rules of ingest, import and the last mix with the number of records that each \
      dropped, and samples with the measured values. --what-if tells the effect of another \
      threshold from what the mix has stored, without making it.
      """,
    group: "Sources",
    options: [
      .value("rule", "NAME", help: "Only this rule"),
      .value("samples", "N", help: "Samples of each rule", default: .value("3")),
      .value(
        "what-if", "RULE=VALUE",
        help: "Another threshold: " + ExplainStage.questions.joined(separator: ", ")
      ),
    ] + CommonOptions.reading,
    examples: [
      CommandExample("All rules with samples.", "mixinstruct explain --store my.db"),
      CommandExample(
        "Count the answers that a bound of 64 words would drop.",
        "mixinstruct explain --store my.db --what-if max-output=64"),
      CommandExample(
        "Count what a larger quota would let in.",
        "mixinstruct explain --store my.db --what-if quota:dolly=20000"),
    ])

  static func run(_ arguments: ParsedArguments, _ session: CommandSession) throws {
    var stage = ExplainStage()
    stage.rule = arguments.string("rule")
    stage.samples = try arguments.requiredInt("samples", in: 0...1000)
    let question = arguments.string("what-if")
    let asJSON = arguments.flag("json")
    // Nothing here takes long enough for a progress bar.
    _ = arguments.flag("quiet")
    let store = try session.store(arguments, .read)
    if let question {
      try answer(
        question, store.path, try ExplainStage.whatIf(question, on: store), asJSON, session)
      return
    }
    let rules = try stage.run(on: store)
    if asJSON {
      session.write(json(rules).json() + "\n")
      return
    }
    if rules.isEmpty { session.write("Nothing was dropped.\n") }
    for rule in rules {
      session.write("\(rule.stage): \(QuantityFormat.count(rule.count)) dropped by \(rule.name)\n")
      for sample in rule.samples {
        var line = "    \(sample.record)"
        if let measured = sample.measured { line += "  measured \(number(measured))" }
        if let threshold = sample.threshold { line += ", threshold \(number(threshold))" }
        session.write(line + "\n        \(DisplayWidth.printable(sample.text))\n")
      }
    }
  }

  private static func answer(
    _ question: String, _ path: String, _ effect: WhatIf.Effect, _ asJSON: Bool,
    _ session: CommandSession
  ) throws {
    if asJSON {
      let object: JSONObject = [
        "what_if": .string(question), "dropped_before": .integer(Int64(effect.droppedBefore)),
        "dropped_after": .integer(Int64(effect.droppedAfter)),
        "newly_dropped": .integer(Int64(effect.newlyDropped)),
        "no_longer_dropped": .integer(Int64(effect.noLongerDropped)),
        "not_measured": .integer(Int64(effect.unknown)), "exact": .bool(effect.isExact),
      ]
      session.write(object.json() + "\n")
      return
    }
    session.write(
      """
      With \(question) the rule would drop \(QuantityFormat.count(effect.droppedAfter)) records \
      instead of \(QuantityFormat.count(effect.droppedBefore)): \
      \(QuantityFormat.count(effect.newlyDropped)) more, \
      \(QuantityFormat.count(effect.noLongerDropped)) fewer.

      """)
    if effect.unknown > 0 {
      session.write(
        "\(QuantityFormat.count(effect.unknown)) records were not measured: another rule dropped them before.\n"
      )
    }
    if !effect.isExact {
      session.write(
        "This is an estimate: records that are compared with one another, or kept together, decide "
          + "too.\n")
    }
  }

  private static func number(_ value: Double) -> String {
    Int(exactly: value).map { QuantityFormat.count($0) } ?? QuantityFormat.fixed(value, digits: 3)
  }

  private static func json(_ rules: [ExplainStage.Rule]) -> JSONValue {
    .array(
      rules.map { rule in
        [
          "stage": .string(rule.stage), "rule": .string(rule.name),
          "dropped": .integer(Int64(rule.count)),
          "samples": .array(
            rule.samples.map { sample in
              [
                "record": .string(sample.record),
                "measured": sample.measured.map { .double($0) } ?? .null,
                "threshold": sample.threshold.map { .double($0) } ?? .null,
                "text": .string(sample.text),
              ]
            }),
        ]
      })
  }
}
