package import DatasetStore
internal import Evaluation
package import Records
internal import SQLite

/// Checks a store: its integrity, its records, its verdicts, and that its splits do not leak.
package struct ValidateStage {
  /// What was found.
  package struct Result: Sendable {
    /// Broken things: a store with errors should not be published.
    package var errors: [Diagnostic] = []
    /// Things to know: judges contradict themselves, models are missing.
    package var warnings: [Diagnostic] = []
    /// Findings of each rule, also beyond those listed.
    package var counts: [(rule: String, count: Int)] = []
    /// The number of examples looked at.
    package var examples = 0
  }

  /// How many findings of each rule are listed.
  package var listed = 20

  /// A validation with the usual options.
  package init() {}

  /// Checks.
  ///
  /// - Parameters:
  ///   - store: the store.
  ///   - context: who runs it.
  /// - Returns: the findings.
  /// - Throws: `SQLiteError`.
  package func run(on store: Store, _ context: StageContext) throws -> Result {
    var result = Result()
    try checkIntegrity(store, &result)
    try checkDuplicates(store, &result)
    try checkLeakage(store, &result)
    try checkExamples(store, context, &result)
    return result
  }

  private func report(_ finding: Diagnostic, isError: Bool, _ result: inout Result) {
    let index = result.counts.firstIndex { $0.rule == finding.rule } ?? result.counts.count
    if index == result.counts.count { result.counts.append((finding.rule, 0)) }
    result.counts[index].count += 1
    guard result.counts[index].count <= listed else { return }
    if isError { result.errors.append(finding) } else { result.warnings.append(finding) }
  }

  private func checkIntegrity(_ store: Store, _ result: inout Result) throws {
    try store.connection.query("PRAGMA integrity_check") { row in
      guard row.text(0) != "ok" else { return }
      report(Diagnostic(rule: "integrity", message: row.text(0)), isError: true, &result)
    }
    try store.connection.query("PRAGMA foreign_key_check") { row in
      report(
        Diagnostic(
          rule: "dangling-reference",
          message:
            "row \(row.int64(1)) of \(row.text(0)) names a row of \(row.text(2)) that is gone"
        ), isError: true, &result)
    }
  }

  private func checkDuplicates(_ store: Store, _ result: inout Result) throws {
    try store.connection.query(
      """
      SELECT id, count(*) FROM examples WHERE id IN (SELECT id FROM examples WHERE occurrence = 1)
      GROUP BY id ORDER BY min(position)
      """
    ) { row in
      report(
        Diagnostic(
          recordID: row.text(0), rule: "repeated-id",
          message: "\(row.int(1)) records have this id, expected one"), isError: true, &result)
    }
  }

  private func checkLeakage(_ store: Store, _ result: inout Result) throws {
    try store.connection.query(
      """
      SELECT min(id), group_concat(DISTINCT split) FROM examples WHERE split IS NOT NULL
      GROUP BY instruction, input HAVING count(DISTINCT split) > 1 ORDER BY min(position)
      """
    ) { row in
      report(
        Diagnostic(
          recordID: row.text(0), rule: "leakage",
          message: "the same prompt stands in several splits: \(row.text(1))"), isError: true,
        &result)
    }
  }

  private func checkExamples(
    _ store: Store, _ context: StageContext, _ result: inout Result
  ) throws {
    let judges = try Judges(store, only: nil)
    let usual = try usualModels(store)
    let reader = try ExampleReader(store)
    let check = VerdictCheck()
    while let stored = try reader.next() {
      result.examples += 1
      if result.examples % 256 == 0 {
        context.report(.init(done: result.examples))
        try context.stopIfCancelled("the store was only read")
      }
      let example = stored.example
      if example.prompt.isEmpty {
        report(
          Diagnostic(
            recordID: example.id, rule: "empty-prompt",
            message: "instruction and input are both empty"), isError: true, &result)
      }
      let models = example.candidates.map(\.model)
      if !models.isEmpty {
        let missing = usual.filter { !models.contains($0) }
        if !missing.isEmpty {
          report(
            Diagnostic(
              recordID: example.id, rule: "model-missing",
              message:
                "no candidate of \(missing.joined(separator: ", ")), which most examples have"
            ), isError: false, &result)
        }
      }
      let verdicts = try reader.verdicts(of: stored)
      guard !verdicts.isEmpty else { continue }
      let findings = check.findings(
        in: EvaluatedExample(
          id: example.id, models: models, verdicts: judges.pairVerdicts(verdicts, of: example),
          judgments: judges.judgments(verdicts, of: example)))
      for finding in findings {
        report(finding.diagnostic(recordID: example.id), isError: false, &result)
      }
    }
  }

  /// The models that more than half of the examples with candidates have.
  private func usualModels(_ store: Store) throws -> [String] {
    var models: [String] = []
    try store.connection.query(
      """
      SELECT model FROM candidates GROUP BY model
      HAVING count(DISTINCT example_id) * 2 > (SELECT count(DISTINCT example_id) FROM candidates)
      ORDER BY min(candidate_id)
      """
    ) { row in models.append(row.text(0)) }
    return models
  }
}
