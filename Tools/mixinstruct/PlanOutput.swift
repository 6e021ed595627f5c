import JSON
import Pipeline
import TerminalOutput

/// Shows what a run of `collect` or `judge` would ask and cost.
enum PlanOutput {
  /// Writes a plan.
  ///
  /// - Parameters:
  ///   - plan: the plan.
  ///   - asJSON: whether it is for machines.
  ///   - session: where it goes.
  static func show(_ plan: AskingPlan, asJSON: Bool, _ session: CommandSession) {
    if asJSON {
      let object: JSONObject = [
        "models": .array(plan.rows.map { .object(json($0)) }), "total": .object(json(plan.total)),
        "notes": .array(notes(plan).map { .string($0) }),
      ]
      session.write(object.json() + "\n")
      return
    }
    var table = TextTable([
      .text("Model"), .number("Requests"), .number("In journal"), .number("Prompt tokens"),
      .number("Answer tokens"), .number("US dollars"), .number("Time at limits"),
    ])
    for row in plan.rows { table.append(cells(row)) }
    if plan.rows.count > 1 { table.append(cells(plan.total)) }
    for line in table.lines() { session.write(line + "\n") }
    for note in notes(plan) { session.message(note) }
  }

  private static func notes(_ plan: AskingPlan) -> [String] {
    plan.notes
      + (plan.total.isBounded
        ? [] : ["without a limit of tokens, 256 were taken for each answer: it may be more"])
  }

  private static func cells(_ row: AskingPlan.Row) -> [String] {
    [
      row.model, QuantityFormat.count(row.requests), QuantityFormat.count(row.fromJournal),
      "~" + QuantityFormat.count(row.promptTokens),
      (row.isBounded ? "<= " : "~") + QuantityFormat.count(row.completionTokens),
      row.usd.map { "<= " + QuantityFormat.fixed($0, digits: 2) } ?? "no price",
      row.seconds.map { QuantityFormat.duration($0) } ?? "no limits",
    ]
  }

  private static func json(_ row: AskingPlan.Row) -> JSONObject {
    [
      "model": .string(row.model), "requests": .integer(Int64(row.requests)),
      "from_journal": .integer(Int64(row.fromJournal)),
      "prompt_tokens": .integer(Int64(row.promptTokens)),
      "completion_tokens_at_most": .integer(Int64(row.completionTokens)),
      "usd_at_most": row.usd.map { .double($0) } ?? .null,
      "seconds_at_least": row.seconds.map { .double($0) } ?? .null,
    ]
  }
}
